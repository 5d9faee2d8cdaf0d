import { describe, expect, test } from "vitest";
import { settled } from "../../core/fakes/clock.ts";
import { engineContract } from "../contract.ts";
import { FakeEngine } from "./engine.ts";

engineContract("fake", { describe, test, expect }, () => {
  const engine = new FakeEngine();
  return {
    engine,
    registrar: (how) => void (engine.registrar = how),
    microphone: (problem) => void (engine.microphone = problem),
    ring: () => engine.ring(),
    hangUpThere: (leg) => engine.end(leg),
    cancel: (leg) => engine.end(leg, "missed"),
    settle: settled,
  };
});
