import { describe, expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { engineContract } from "../contract.ts";
import { assembleEngine } from "./assemble.ts";
import type { SessionDouble } from "./session-double.ts";
import { VendorDouble } from "./vendor-double.ts";
import { WorldDouble } from "./world-double.ts";

engineContract("exotel", { describe, test, expect }, () => {
  const world = new WorldDouble();
  const vendor = new VendorDouble(world);
  const log = { write() {}, text: () => "" };
  const sip = { security: "wss" as const, endpoint: "wss", iceServers: [], iceGatheringMs: 500 };
  const engine = assembleEngine(vendor, world, { sip, clock: new FakeClock(), log });
  const sessions = new Map<string, SessionDouble>();
  let problem = "";
  let rung = "";
  engine.on((event) => {
    if (event.type === "leg-ringing") rung = event.invitation.leg;
  });
  return {
    engine,
    registrar: (how) => void (vendor.registrar = how === "refuses" ? 403 : how),
    microphone: (what) => void (problem = what === "microphone-missing" ? "NotFoundError" : "NotAllowedError"),
    ring: () => {
      const session = vendor.ring();
      if (problem !== "") session.microphoneError = new DOMException("no", problem);
      sessions.set(rung, session);
      return rung;
    },
    hangUpThere: (leg) => sessions.get(leg)?.hangUpThere(),
    cancel: (leg) => sessions.get(leg)?.cancel(),
    settle: settled,
  };
});
