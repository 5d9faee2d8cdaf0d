import { afterAll, beforeAll, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/protocol/gateway-calls.ts";
import { importAgents, signedIn } from "../fakes/people.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

let gateway: TestGateway;
let headers: { readonly authorization: string };
let agentId: string;
beforeAll(async () => {
  gateway = await createTestGateway();
  await importAgents(gateway);
  headers = await signedIn(gateway, "lsq-asha");
  agentId = (await gateway.services.agents.byCrmUser("lsq-asha"))?.id ?? "";
}, 60_000);
afterAll(() => gateway.close());

interface Heard {
  readonly id: number;
  readonly type: string;
}

/** One connection of a widget. */
async function listen(after?: number) {
  const resumed = after === undefined ? {} : { "last-event-id": String(after) };
  const response = await gateway.app.request("/api/agents/me/events", { headers: { ...headers, ...resumed } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  return {
    status: response.status,
    async next(): Promise<Heard> {
      while (!buffer.includes("\n\n")) {
        const chunk = await reader?.read();
        if (chunk?.value === undefined) throw new Error("the stream ended");
        buffer += chunk.value;
      }
      const [block = "", ...rest] = buffer.split("\n\n");
      buffer = rest.join("\n\n");
      return { id: Number(/^id: (.+)$/m.exec(block)?.[1]), type: /^event: (.+)$/m.exec(block)?.[1] ?? "" };
    },
    leave: async () => reader?.cancel(),
  };
}

const failed = (callId: string): GatewayEvent => ({ type: "dial-failed", callId, code: "internal" });
const say = (callId: string) =>
  gateway.database.db.transaction().execute((trx) => gateway.services.events.append(trx, agentId, failed(callId)));

test("[G40] an event is heard at once, and a widget that comes back hears what it missed, in order and once", async () => {
  const first = await listen();
  const hello = await first.next();
  expect(hello.type).toBe("hello");
  await say("a");
  expect(await first.next()).toEqual({ id: hello.id + 1, type: "dial-failed" });
  await first.leave();
  await Promise.all([say("b"), say("c"), say("d")]);
  const second = await listen(hello.id + 1);
  expect(await second.next()).toMatchObject({ type: "hello" });
  expect([await second.next(), await second.next(), await second.next()].map((event) => event.id)).toEqual(
    [2, 3, 4].map((n) => hello.id + n),
  );
  await say("e");
  expect(await second.next()).toEqual({ id: hello.id + 5, type: "dial-failed" });
  await second.leave();
});

test("[G40] what was not committed is heard by nobody", async () => {
  const stream = await listen();
  const { id } = await stream.next();
  const undone = gateway.database.db.transaction().execute(async (trx) => {
    await gateway.services.events.append(trx, agentId, failed("undone"));
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  await say("done");
  expect(await stream.next()).toEqual({ id: id + 1, type: "dial-failed" });
  await stream.leave();
});

test("[G40] a widget that comes back after too long is told that something is gone", async () => {
  await say("old");
  gateway.clock.now += 2 * 3_600_000;
  await gateway.services.events.sweep();
  await say("new");
  const stream = await listen(1);
  await stream.next();
  expect(await stream.next()).toMatchObject({ type: "too-late", id: await gateway.services.events.newest(agentId) });
  await stream.leave();
});

test("[G40] a stream ends with its session, and what comes later is not told on it", async () => {
  const stream = await listen();
  await stream.next();
  await say("in time");
  expect(await stream.next()).toMatchObject({ type: "dial-failed" });
  gateway.clock.now += 13 * 3_600_000;
  await say("too late");
  await expect(stream.next()).rejects.toThrow("the stream ended");
  expect((await listen()).status).toBe(401);
  gateway.clock.now -= 13 * 3_600_000;
});

test("[G40] a stream wants a session, and one agent has only so many", async () => {
  expect((await gateway.app.request("/api/agents/me/events")).status).toBe(401);
  const streams = await Promise.all(Array.from({ length: 20 }, () => listen()));
  await Promise.all(streams.map((stream) => stream.next()));
  expect((await listen()).status).toBe(429);
  await Promise.all(streams.map((stream) => stream.leave()));
});
