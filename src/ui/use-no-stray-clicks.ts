import { useEffect } from "preact/hooks";

/**
 * Every click of a double click belongs to what the first one hit. Where that one changed the screen, another button
 * lies under the pointer by then: a double click on Answer would hang up, one on Hang up would save an empty outcome.
 */
export function useNoStrayClicks(): void {
  useEffect(() => {
    let first: Element | null = null;
    const clicked = (event: MouseEvent) => {
      const hit = event.target instanceof Element ? event.target.closest("button") : null;
      if (event.detail <= 1) first = hit;
      else if (hit !== null && hit !== first) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    };
    document.addEventListener("click", clicked, { capture: true });
    return () => document.removeEventListener("click", clicked, { capture: true });
  }, []);
}
