import { type Deferred, createDeferred } from "../lib/deferred.ts";

/**
 * Gives events to a machine one after the other. One that comes while the effects of another are carried out waits, so
 * that no effect meets a state it was not meant for.
 */
export interface EventQueue<E> {
  /** Settles as what `step` returned for this event. */
  ask(event: E): Promise<void>;
  /** For those who cannot do anything about a failure; the machine hears of it by an event of its own. */
  feed(event: E): void;
}

/** @param onFailure  told of the failures that nobody waits for. */
export function createEventQueue<E>(step: (event: E) => Promise<unknown>, onFailure: (error: unknown) => void): EventQueue<E> {
  const queue: { readonly event: E; readonly done: Deferred<void> }[] = [];
  let draining = false;
  const drain = (): void => {
    draining = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { done } = next;
      step(next.event).then(() => done.resolve(), done.reject);
    }
    draining = false;
  };
  const ask = (event: E): Promise<void> => {
    const done = createDeferred<void>();
    queue.push({ event, done });
    if (!draining) drain();
    return done.promise;
  };
  return { ask, feed: (event) => void ask(event).catch(onFailure) };
}
