/** Tells one kind of thing to whoever listens. */
export interface Emitter<T> {
  /** Returns the undo; it may be called twice. */
  on(listener: (value: T) => void): () => void;
  emit(value: T): void;
  listenerCount(): number;
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    on: (listener) => {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const entry = (value: T) => listener(value);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    emit: (value) => {
      // A copy: who subscribes while it is told hears the next one.
      for (const listener of Array.from(listeners)) listener(value);
    },
    listenerCount: () => listeners.size,
  };
}
