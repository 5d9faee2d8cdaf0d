import { type ReadonlySignal, computed } from "@preact/signals-core";

/** A computed value that stays the very same object as long as it says the same: who follows it is told of news alone. */
export function steady<T>(compute: () => T, isSame: (a: T, b: T) => boolean): ReadonlySignal<T> {
  let last: { readonly value: T } | null = null;
  return computed(() => {
    const value = compute();
    if (last === null || !isSame(last.value, value)) last = { value };
    return last.value;
  });
}
