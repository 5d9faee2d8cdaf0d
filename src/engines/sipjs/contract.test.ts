import { describe, expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { engineContract } from "../contract.ts";
import { NetworkDouble } from "./network-double.ts";
import { createSipjsEngine } from "./sipjs-engine.ts";
import { WorldDouble } from "./world-double.ts";

engineContract("sipjs", { describe, test, expect }, () => {
  const network = new NetworkDouble();
  const world = new WorldDouble(network);
  const log = { write() {}, text: () => "" };
  const sip = {
    security: "wss" as const,
    endpoint: "wss",
    iceServers: [],
    iceGatheringMs: 500,
    codecs: [],
    dtmf: "info" as const,
    dialDirect: false,
  };
  const engine = createSipjsEngine({ sip, clock: new FakeClock(), log, world });
  let rung = "";
  engine.on((event) => {
    if (event.type === "leg-ringing") rung = event.invitation.leg;
  });
  return {
    engine,
    registrar: (how) => void (network.registrar = how),
    microphone: (what) =>
      void (world.microphoneError = new DOMException("no", what === "microphone-missing" ? "NotFoundError" : "NotAllowedError")),
    ring: () => {
      network.ring();
      return rung;
    },
    hangUpThere: (leg) => network.callOf(leg).hangUp(),
    cancel: (leg) => network.callOf(leg).cancel(),
    settle: settled,
  };
});
