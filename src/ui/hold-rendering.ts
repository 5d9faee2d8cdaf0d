import { options } from "preact";

/** Longer than an answer takes on a good day, shorter than a click without an answer is noticed. */
const LONGEST_MS = 60;

/**
 * Lets the screen follow a moment later, also what the work itself changes at once. Answering is a chain of short questions
 * to the browser's media threads; drawing the screen of a call between two of them makes somebody wait who hears nothing yet.
 */
export function holdRendering<T>(work: () => Promise<T>): Promise<T> {
  const waiting: (() => void)[] = [];
  const hold = (render: () => void): void => void waiting.push(render);
  const letGo = (): void => {
    clearTimeout(timer);
    if (options.debounceRendering === hold) delete options.debounceRendering;
    for (const render of waiting.splice(0)) render();
  };
  const timer = setTimeout(letGo, LONGEST_MS);
  options.debounceRendering = hold;
  const done = work();
  done.then(letGo, letGo);
  return done;
}
