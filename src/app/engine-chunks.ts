/** Each engine is a chunk of its own, fetched when it is known to be needed; the other one is never loaded. */
export const ENGINE_CHUNKS = {
  exotel: () => import("../engines/exotel/engine.ts"),
  sipjs: () => import("../engines/sipjs/sipjs-engine.ts"),
} as const;
