import type { Engine, EngineEvent } from "./engine-port.ts";

/** Holds the one engine of this page, loaded when it is first needed. */
export interface EngineSlot {
  /** `null` until it is loaded. */
  current(): Engine | null;
  /** One load for all who ask; a failed one is tried again by the next. */
  load(): Promise<Engine>;
  close(): Promise<void>;
}

export function createEngineSlot(
  loadEngine: () => Promise<Engine>,
  onEvent: (event: EngineEvent) => void,
  onLoaded: (engine: Engine) => void,
): EngineSlot {
  let engine: Engine | null = null;
  let loading: Promise<Engine> | null = null;
  let closed = false;
  let unsubscribe = () => {};
  const start = async (): Promise<Engine> => {
    try {
      const loaded = await loadEngine();
      if (closed) {
        await loaded.dispose();
        return loaded;
      }
      engine = loaded;
      unsubscribe = loaded.on(onEvent);
      onLoaded(loaded);
      return loaded;
    } catch (error) {
      loading = null;
      throw error;
    }
  };
  return {
    current: () => engine,
    load: () => (loading ??= start()),
    close: async () => {
      closed = true;
      unsubscribe();
      const last = engine;
      engine = null;
      await last?.dispose();
    },
  };
}
