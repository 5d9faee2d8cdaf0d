import { expect, test, vi } from "vitest";
import { answering, happens, snapshot, useLoop } from "../app/fake-loop.ts";

const loop = useLoop();
const { phonePage, crmPage, afterwards } = loop;

function stopTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  afterwards(() => void vi.useRealTimers());
}

test("[S51] a phone that falls silent is loaded anew: what it was asked is rejected, the page is told, and the next one is connected", async () => {
  stopTime();
  const traffic: string[] = [];
  const seconds = async (count: number): Promise<void> => {
    for (let i = 0; i < count * 4; i += 1) {
      vi.advanceTimersByTime(250);
      // Ports are real: a ping and its answer need some turns of the event loop.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const phone = crmPage({ onTraffic: (_direction, { type }) => void traffic.push(type) });
  const { host } = phonePage();
  host.onCommand(async (type) => (type === "getSnapshot" ? { ok: true, value: snapshot } : new Promise(() => {})));
  await happens(phone, "snapshot");
  await seconds(10);
  expect([loop.windows.reloads, phone.connected, traffic.filter((type) => /^p[io]ng$/.test(type))]).toEqual([0, true, []]);

  const lost = phone.answer().catch((error: { code: string }) => error.code);
  const gone: unknown[] = [];
  phone.on("disconnected", (event) => gone.push(event));
  host.dispose();
  await seconds(4);
  expect([loop.windows.reloads, phone.connected, gone]).toEqual([1, false, [{ reason: "silent" }]]);
  expect(await lost).toBe("phone-reloaded");

  const heard: unknown[] = [];
  const waits = phone.mute(true);
  const again = happens(phone, "snapshot");
  phonePage().host.onCommand(answering(heard));
  expect(await again).toEqual(snapshot);
  await waits;
  await seconds(10);
  expect([heard, loop.windows.reloads, gone.length]).toEqual([[["mute", { muted: true }]], 1, 1]);
});

test.each(["event", "snapshot"])("[S52] with a call up, a silence is noticed in less than two seconds: told by %s", async (told) => {
  stopTime();
  const { host } = phonePage();
  const call = { phase: "active" } as never;
  host.onCommand(async () => ({ ok: true, value: told === "event" ? snapshot : { ...snapshot, call } }));
  const phone = crmPage();
  await happens(phone, "snapshot");
  if (told === "event") {
    host.tell({ type: "call-changed", call });
    await happens(phone, "call-changed");
  }
  host.dispose();
  vi.advanceTimersByTime(1_999);
  expect(loop.windows.reloads).toBe(1);
});
