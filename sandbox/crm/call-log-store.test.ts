import { expect, test } from "vitest";
import fc from "fast-check";
import type { CallLog } from "../../src/protocol/call.ts";
import { CallLogStore } from "./call-log-store.ts";

const log = (logId: string) => ({ logId }) as CallLog;

test("[X20] a call log that comes again is stored once and acknowledged again", () => {
  const store = new CallLogStore();
  expect(store.save(log("a"), "asha", 1)).toBe("stored");
  expect(store.save(log("a"), "asha", 2)).toBe("known");
  expect(store.all()).toEqual([{ log: log("a"), agent: "asha", storedAt: 1, deliveries: 2 }]);
});

test("[X20] a lost acknowledgement still stores; a refused save does not", () => {
  const store = new CallLogStore();
  store.setFaults({ loseAcknowledgements: 1, failSaves: 1 });
  expect(store.save(log("a"), null, 1)).toBe("refused");
  expect(store.all()).toEqual([]);
  expect(store.save(log("a"), null, 2)).toBe("acknowledgement-lost");
  expect(store.all()).toHaveLength(1);
  expect(store.save(log("a"), null, 3)).toBe("known");
});

test("[X21] whatever goes wrong on the way, who delivers until acknowledged has stored each log exactly once", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 20 }), fc.nat(5), fc.nat(5), (ids, lose, fail) => {
      const store = new CallLogStore();
      store.setFaults({ loseAcknowledgements: lose, failSaves: fail });
      for (const id of ids) {
        // Every fault costs one try.
        const tries = Array.from({ length: lose + fail + 1 }, () => store.save(log(id), null, 0));
        expect(tries.at(-1)).toMatch(/^(stored|known)$/);
      }
      expect(store.all().map((stored) => stored.log.logId)).toEqual([...new Set(ids)]);
    }),
  );
});
