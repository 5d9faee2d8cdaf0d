import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Notice } from "./view.ts";

/** What the agent should know, oldest first; the same thing is said once. */
export interface Notices {
  readonly list: ReadonlySignal<readonly Notice[]>;
  push(code: Notice["code"], about?: string | null): void;
  clear(...codes: readonly Notice["code"][]): void;
}

export function createNotices(): Notices {
  const list = signal<readonly Notice[]>([]);
  return {
    list,
    push: (code, about = null) => {
      const others = list.peek().filter((notice) => notice.code !== code || notice.about !== about);
      list.value = [...others, { code, about }];
    },
    clear: (...codes) => {
      const left = list.peek().filter((notice) => !codes.includes(notice.code));
      if (left.length < list.peek().length) list.value = left;
    },
  };
}
