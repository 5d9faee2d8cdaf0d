import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { soon } from "./soon.ts";

/**
 * Focuses the element when it appears, unless the agent's focus is somewhere. A page in a frame must not take the
 * focus from the CRM around it either: there somebody may be typing.
 */
export function useFocusIfLost<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    // Focus makes the browser lay the page out at once, in the middle of an answer.
    soon(() => {
      const focused = document.activeElement;
      if (document.hasFocus() && (focused === null || focused === document.body)) element?.focus({ preventScroll: true });
    });
  }, []);
  return ref;
}
