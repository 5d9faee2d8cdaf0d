import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Focuses the element when it appears, unless the agent's focus is somewhere. A page in a frame must not take the
 * focus from the CRM around it either: there somebody may be typing.
 */
export function useFocusIfLost<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const focused = document.activeElement;
    if (document.hasFocus() && (focused === null || focused === document.body)) ref.current?.focus({ preventScroll: true });
  }, []);
  return ref;
}
