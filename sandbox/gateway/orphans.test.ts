import fc from "fast-check";
import { expect, test } from "vitest";
import { ORPHAN_GRACE_MS } from "../../src/protocol/gateway.ts";
import { createOrphans } from "./orphans.ts";

function stage() {
  const ended: string[] = [];
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const orphans = createOrphans({
    hangUp: (sid) => void ended.push(sid),
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  });
  return {
    ended,
    timers: () => timers.length,
    orphaned: (epoch: number, callId = "c1") =>
      orphans.orphaned({ callId, epoch, exotelCallSid: "s1", exotelLegSid: null, at: 0 }, `sid of ${callId}`),
    owned: (epoch: number, callId = "c1") => orphans.owned({ callId, epoch }),
    close: orphans.close,
    wind(ms: number) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
  };
}

test("[G10] an orphan is ended when the grace is over, not before, and once", () => {
  const { orphaned, ended, wind } = stage();
  expect(orphaned(1)).toBe("waiting");
  wind(ORPHAN_GRACE_MS - 1);
  expect(ended).toEqual([]);
  wind(1);
  expect(ended).toEqual(["sid of c1"]);
  expect(orphaned(1)).toBe("ended");
  wind(ORPHAN_GRACE_MS);
  expect(ended).toHaveLength(1);
});

test("[G11] the beacon before the next owner: a higher epoch keeps the call, the same or a lower one does not", () => {
  for (const [epoch, state, ends] of [
    [3, "owned", 0],
    [2, "waiting", 1],
    [1, "waiting", 1],
  ] as const) {
    const { orphaned, owned, ended, wind } = stage();
    orphaned(2);
    expect(owned(epoch)).toBe(state);
    wind(ORPHAN_GRACE_MS);
    expect([epoch, ended.length]).toEqual([epoch, ends]);
  }
});

test("[G12] the next owner before the beacon of the one before: nothing waits", () => {
  const { orphaned, owned, ended, wind, timers } = stage();
  expect(owned(3)).toBe("owned");
  expect(orphaned(2)).toBe("owned");
  expect(timers()).toBe(0);
  wind(ORPHAN_GRACE_MS);
  expect(ended).toEqual([]);
});

test("[G13] repeated: the grace does not begin again, and a beacon that is late twice does not undo an owner", () => {
  const { orphaned, owned, ended, wind } = stage();
  orphaned(1);
  wind(ORPHAN_GRACE_MS - 1);
  expect(orphaned(1)).toBe("waiting");
  wind(1);
  expect(ended).toHaveLength(1);
  orphaned(1, "c2");
  owned(2, "c2");
  expect([orphaned(1, "c2"), owned(2, "c2"), orphaned(1, "c2")]).toEqual(["owned", "owned", "owned"]);
  wind(ORPHAN_GRACE_MS);
  expect(ended).toHaveLength(1);
});

test("[G14] an owner that comes too late is told that the call was ended", () => {
  const { orphaned, owned, wind } = stage();
  orphaned(1);
  wind(ORPHAN_GRACE_MS);
  expect(owned(2)).toBe("ended");
});

test("[G15] the second owner leaves too: its own grace begins then", () => {
  const { orphaned, owned, ended, wind } = stage();
  orphaned(1);
  wind(3_000);
  owned(2);
  orphaned(2);
  wind(3_000);
  expect(ended).toEqual([]);
  wind(2_000);
  expect(ended).toHaveLength(1);
});

test("[G16] calls do not touch one another; closed, nothing is left to run", () => {
  const { orphaned, owned, ended, wind, timers, close } = stage();
  orphaned(1, "c1");
  orphaned(1, "c2");
  owned(2, "c1");
  wind(ORPHAN_GRACE_MS);
  expect(ended).toEqual(["sid of c2"]);
  orphaned(1, "c3");
  close();
  expect(timers()).toBe(0);
});

test("[G17] whatever the order and however often: the call is ended if nobody has a higher epoch than the last to leave", () => {
  const message = fc.record({ kind: fc.constantFrom("orphaned" as const, "owned" as const), epoch: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
      const { orphaned, owned, ended, wind } = stage();
      for (const { kind, epoch } of messages) (kind === "owned" ? owned : orphaned)(epoch);
      wind(ORPHAN_GRACE_MS);
      const highest = (of: string) => Math.max(-1, ...messages.filter(({ kind }) => kind === of).map(({ epoch }) => epoch));
      expect(ended.length).toBe(highest("orphaned") >= 0 && highest("orphaned") >= highest("owned") ? 1 : 0);
    }),
  );
});

test("[G18] naming calls that never were fills nothing, and pushes no waiting one out", () => {
  const { orphaned, owned, ended, wind } = stage();
  orphaned(1, "taken up");
  orphaned(1, "left");
  for (let i = 0; i < 10_050; i += 1) owned(1, `made up ${i}`);
  owned(2, "taken up");
  wind(ORPHAN_GRACE_MS);
  expect(ended).toEqual(["sid of left"]);
});
