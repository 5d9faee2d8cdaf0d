import type { Engine } from "../../src/core/engine-port.ts";
import type { Log, Unsubscribe } from "../../src/core/ports.ts";
import type { EngineName } from "../support/start-sandbox.ts";
import { systemClock } from "../../src/app/clock.ts";

declare global {
  /** What the tests in Node do with the engine of this page. */
  var createEngine: (name: EngineName) => Promise<Engine>;
  var undoOf: Map<number, Unsubscribe>;
}

const log: Log = { write() {}, text: () => "" };
const sip = {
  security: "ws" as const,
  endpoint: "wss",
  iceServers: [],
  iceGatheringMs: 500,
  codecs: [],
  dtmf: "info" as const,
  dialDirect: false,
};

globalThis.undoOf = new Map();
globalThis.createEngine = async (name) => {
  const options = { sip, clock: systemClock, log };
  if (name === "sipjs") return (await import("../../src/engines/sipjs/sipjs-engine.ts")).createSipjsEngine(options);
  return (await import("../../src/engines/exotel/engine.ts")).createExotelEngine(options);
};
