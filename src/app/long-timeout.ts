/** `setTimeout` takes 32 bits; a longer wait would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** `setTimeout` for any wait; returns the undo. */
export function longTimeout(ms: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (left: number): void => {
    timer = setTimeout(() => (left > LONGEST_MS ? wait(left - LONGEST_MS) : run()), Math.min(left, LONGEST_MS));
  };
  wait(ms);
  return () => clearTimeout(timer);
}
