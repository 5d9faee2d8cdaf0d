import { UserAgent } from "sip.js";
import { expect, test, vi } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

/** Timer L of RFC 6026 keeps the transaction of an answered INVITE. */
const LONGEST_TRANSACTION_MS = 64 * 500 + 1_000;

test("[E70] fifty calls of every kind leave no session, dialog, transaction, timer, track, connection or speaker behind", async () => {
  vi.useFakeTimers();
  try {
    const started: UserAgent[] = [];
    const start = UserAgent.prototype.start;
    vi.spyOn(UserAgent.prototype, "start").mockImplementation(function (this: UserAgent) {
      started.push(this);
      return start.call(this);
    });
    const clock = new FakeClock();
    const { engine, network, world, ready, ring, up } = playEngine(clock, settled);
    await ready();
    for (let turn = 0; turn < 10; turn += 1) {
      const { leg, call } = await up();
      await engine.setHeld(leg, true);
      await settled();
      await engine.setHeld(leg, false);
      await engine.sendDigit(leg, "5");
      await engine.reject(ring().leg);
      await settled();
      if (turn % 2 === 0) call.hangUp();
      else await engine.hangUp(leg);
      await settled();
      ring().call.cancel();
      await engine.reject(ring().leg);
      world.microphoneError = new DOMException("no", "NotFoundError");
      await engine.answer(ring().leg).catch(() => undefined);
      world.microphoneError = null;
      await settled();
    }
    expect(network.calls).toHaveLength(50);
    await vi.advanceTimersByTimeAsync(LONGEST_TRANSACTION_MS);
    const [userAgent, ...more] = started;
    expect(more).toEqual([]);
    const core = userAgent?.userAgentCore;
    expect([core?.dialogs.size, core?.userAgentClients.size, core?.userAgentServers.size]).toEqual([0, 0, 0]);
    expect(Object.keys(userAgent?._sessions ?? { none: 0 })).toEqual([]);
    expect(world.connections.filter(({ closed, onTrack }) => !closed || onTrack !== null)).toEqual([]);
    expect(world.microphones.filter(({ track }) => !track.stopped)).toEqual([]);
    expect(world.speakers.filter(({ closed }) => !closed)).toEqual([]);
    expect(clock.timerCount(), "those of registration and ping").toBe(2);
    expect(vi.getTimerCount()).toBe(0);
    await engine.dispose();
    await vi.advanceTimersByTimeAsync(LONGEST_TRANSACTION_MS);
    expect([clock.timerCount(), vi.getTimerCount()]).toEqual([0, 0]);
    expect(network.socket).toMatchObject({ state: "closed", onMessage: null, onClose: null });
  } finally {
    vi.useRealTimers();
  }
});

test("[E71] no message, number or password reaches a log or the console", async () => {
  const console = (["log", "info", "warn", "error", "debug"] as const).map((name) => vi.spyOn(globalThis.console, name));
  const { engine, network, logged, ready, up } = playEngine(new FakeClock(), settled);
  await ready();
  const { leg } = await up();
  await engine.sendDigit(leg, "5");
  network.ring({ Require: "timer" });
  network.socket.onMessage?.("SIP/2.0 nonsense +918000000001\r\n\r\n");
  await engine.setHeld(leg, true);
  network.socket.lost();
  await engine.hangUp(leg);
  await settled();
  for (const spy of console) expect(spy).not.toHaveBeenCalled();
  const text = logged.join("\n");
  expect(text).toContain("leg ended");
  expect(text).not.toMatch(/8000000001|Signal|INVITE sip|n0nce/);
  expect(text).not.toContain(ACCOUNT.password);
});

test("[E71] disposed in a call, the far end is told and everything is closed", async () => {
  const { engine, network, world, ready, up } = playEngine(new FakeClock(), settled);
  await ready();
  const { call } = await up();
  await engine.dispose();
  expect(call.sent.at(-1)).toBe("BYE");
  expect(network.socket.state).toBe("closed");
  expect(world.connection.closed).toBe(true);
});
