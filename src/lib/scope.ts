/** Holds the undo of everything that was started and undoes it, last first. */
export interface Scope {
  /** After `close` the undo runs at once. */
  add(undo: () => void): void;
  /** May be called twice. */
  close(): void;
  isClosed(): boolean;
}

export function createScope(): Scope {
  const undos: (() => void)[] = [];
  let closed = false;
  return {
    add: (undo) => {
      if (closed) undo();
      else undos.push(undo);
    },
    close: () => {
      closed = true;
      for (const undo of undos.splice(0).reverse()) undo();
    },
    isClosed: () => closed,
  };
}
