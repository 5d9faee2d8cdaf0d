import { expect, test } from "vitest";
import { PhoneError } from "../core/errors.ts";
import type { GatewayEvent } from "../protocol/gateway-calls.ts";
import { createEventStream } from "./event-stream.ts";

const NOW = 1_700_000_000_000;

/** A clock that is wound, and one stream after the other, each fed by the test. */
function stage(random = 0.5) {
  let now = NOW;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const opened: { readonly lastId: string | null; say(text: string): void; close(): void }[] = [];
  let refusal: PhoneError | null = null;
  const heard: GatewayEvent[] = [];
  const overs: number[] = [];
  const logged: string[] = [];
  const follow = createEventStream({
    clock: {
      now: () => now,
      after: (ms, run) => {
        const timer = { at: now + ms, run };
        timers.push(timer);
        return () => void (timers = timers.filter((other) => other !== timer));
      },
    },
    random: () => random,
    log: { write: (_level, event, facts) => void logged.push(`${event} ${JSON.stringify(facts)}`) },
    open: async (lastId, signal) => {
      if (refusal) throw refusal;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const say = (text: string): void => controller.enqueue(new TextEncoder().encode(text));
          opened.push({ lastId, say, close: () => controller.close() });
          signal.addEventListener("abort", () => controller.error(new Error("aborted")));
        },
      });
      return new Response(body);
    },
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    follow: () =>
      follow(
        (event) => void heard.push(event),
        () => void overs.push(now),
      ),
    opened,
    heard,
    overs,
    logged,
    refuse: (error: PhoneError | null) => void (refusal = error),
    timers: () => timers.map(({ at }) => at - now),
    turn,
    async wind(ms: number) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
      await turn();
    },
  };
}

const message = (id: number, event: object) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
const dial = (at: number) => ({ type: "dial-requested", callId: "c1", number: "09845000011", leadId: null, at });
const failed = { type: "dial-failed", callId: "c1", code: "internal" };

test("[G30] after a break it goes on after the last event, each told once; unknown ones are left out", async () => {
  const { follow, opened, heard, turn, wind } = stage();
  follow();
  await turn();
  expect(opened[0]?.lastId).toBeNull();
  opened[0]?.say(message(4, { type: "hello", at: NOW }) + message(5, failed) + message(6, { type: "of-tomorrow" }));
  await turn();
  opened[0]?.close();
  await turn();
  await wind(1_000);
  expect(opened[1]?.lastId).toBe("6");
  expect(heard.map(({ type }) => type)).toEqual(["hello", "dial-failed"]);
});

test("[G31] pauses grow to 15 s and are drawn by lot; a message that arrives makes them short again", async () => {
  const { follow, refuse, timers, wind, turn, opened } = stage(1);
  refuse(new PhoneError("gateway-silent"));
  follow();
  await turn();
  const pauses: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    pauses.push(timers()[0] ?? 0);
    await wind(15_000);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  refuse(null);
  await wind(15_000);
  opened[0]?.say(message(1, { type: "hello", at: NOW }));
  await turn();
  opened[0]?.close();
  await turn();
  expect(timers()).toEqual([1_000]);
});

test("[G32] a stream that says nothing for 50 s is opened again", async () => {
  const { follow, opened, turn, wind } = stage();
  follow();
  await turn();
  await wind(49_999);
  opened[0]?.say(": still here\n\n");
  await turn();
  await wind(49_999);
  expect(opened).toHaveLength(1);
  await wind(1);
  await wind(1_000);
  expect(opened).toHaveLength(2);
});

test("[G33] a request of the gateway's clock 20 s ago is told, an older one is not, whatever our own clock says", async () => {
  const { follow, opened, heard, turn } = stage();
  follow();
  await turn();
  const there = NOW + 3_600_000;
  opened[0]?.say(message(1, { type: "hello", at: there }) + message(2, dial(there - 20_001)) + message(3, dial(there - 20_000)));
  await turn();
  expect(heard.slice(1)).toEqual([dial(there - 20_000)]);
});

test("[G34] where the session is over it ends and says so, also in the middle; the undo ends it as well, and says nothing", async () => {
  const { follow, refuse, timers, turn, opened, heard, overs, wind } = stage();
  follow();
  await turn();
  refuse(new PhoneError("session-over"));
  opened.shift()?.close();
  await turn();
  expect(overs).toEqual([]);
  await wind(1_000);
  expect([timers(), overs]).toEqual([[], [NOW + 1_000]]);
  const undone = follow();
  undone();
  await turn();
  expect(overs).toHaveLength(1);
  refuse(null);
  const stop = follow();
  await turn();
  stop();
  await turn();
  expect([timers(), opened.length, heard]).toEqual([[], 1, []]);
});
