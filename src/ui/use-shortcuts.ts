import { useEffect, useRef } from "preact/hooks";

/**
 * `Alt` and one letter, wherever the focus is, so that a shortcut never lands in a note. `code` of the key, not what it
 * types: Option+A is "å" on a Mac and other layouts write other letters.
 *
 * @param actions  letter to what it does; `undefined` switches one off.
 */
export function useShortcuts(actions: Readonly<Record<string, (() => void) | undefined>>): void {
  const newest = useRef(actions);
  newest.current = actions;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
      const action = newest.current[event.code.replace(/^Key/, "")];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}
