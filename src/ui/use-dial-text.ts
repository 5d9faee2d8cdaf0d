import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { groupDigits } from "./format-number.ts";
import type { ScreenState } from "./screen-state.ts";

export interface DialText {
  readonly input: RefObject<HTMLInputElement | null>;
  /** What the input holds now, with the caret at `at`. */
  type(value: string, at: number): void;
  /** A key of the pad: goes in at the caret. */
  insert(key: string): void;
  erase(): void;
}

/** Digits are grouped while they are typed, unless the caret is among them or the spelling is somebody's own. */
export function useDialText(state: ScreenState, typed: Signal<string> = state.dialText): DialText {
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  const text = typed.value;

  // A controlled input jumps to its end when something is typed in the middle of it.
  useLayoutEffect(() => {
    if (caret.current !== null && document.activeElement === input.current) input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [text]);

  const type = (value: string, at: number) => {
    const isAtEnd = at >= value.length;
    const shown = isAtEnd ? regroup(value) : value;
    caret.current = isAtEnd ? shown.length : at;
    typed.value = shown;
    state.problem.value = null;
  };
  return {
    input,
    type,
    insert(key) {
      const [from, to] = selectionOf(input.current);
      type(text.slice(0, from) + key + text.slice(to), from + key.length);
    },
    erase() {
      const [from, to] = selectionOf(input.current);
      const start = from === to ? Math.max(0, from - 1) : from;
      type(text.slice(0, start).trimEnd() + text.slice(to), start);
    },
  };
}

function regroup(text: string): string {
  return /^\+?[\d ]*$/.test(text) ? groupDigits(text.replaceAll(" ", "")) : text;
}

function selectionOf(input: HTMLInputElement | null): [number, number] {
  const end = input?.value.length ?? 0;
  return [input?.selectionStart ?? end, input?.selectionEnd ?? end];
}
