import { formatDuration } from "./format-duration.ts";
import { useNow } from "./use-now.ts";

/** Seconds since, counting up. Its own component, so that a second changes one text and nothing else. */
export function Elapsed({ since }: { readonly since: number }) {
  return <span class="clock">{formatDuration((useNow() - since) / 1_000)}</span>;
}

/** From here on it is time to finish the sentence. */
const SOON = 10;

/** Seconds until, counting down to "0:00 left". */
export function Remaining({ until }: { readonly until: number }) {
  const seconds = Math.ceil((until - useNow()) / 1_000);
  return <span class={seconds <= SOON ? "clock clock-soon" : "clock"}>{formatDuration(seconds)} left</span>;
}

/** "next try in 4 s", or "trying now". */
export function NextTry({ at }: { readonly at: number }) {
  const seconds = Math.ceil((at - useNow()) / 1_000);
  if (seconds <= 0) return <span class="clock">trying now</span>;
  return (
    <span class="clock">
      <span class="in-full">next try </span>in {seconds} s
    </span>
  );
}
