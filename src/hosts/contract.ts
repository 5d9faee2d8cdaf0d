import { expect, test } from "vitest";
import type { CallLog, CallSnapshot } from "../protocol/call.ts";
import type { HostCommand } from "../protocol/host.ts";
import { PhoneError } from "../core/errors.ts";
import type { Host } from "../core/ports.ts";

export const someCall: CallSnapshot = {
  callId: "call-1",
  direction: "incoming",
  phase: "ringing",
  remoteNumber: "+918000000001",
  remoteName: "Ravi",
  localNumber: "+918000000099",
  sipCallId: "abc@sip",
  exotelCallSid: "sid-1",
  exotelLegSid: "leg-1",
  startedAt: 1_700_000_000_000,
  answeredAt: null,
  endedAt: null,
  muted: false,
  heldHere: false,
  heldThere: false,
  endReason: null,
  sipCode: null,
  record: null,
};

export const someLog: CallLog = {
  logId: "call-1",
  call: someCall,
  talkSeconds: 12,
  disposition: { fields: { outcome: "interested" }, notes: "Call again", followUp: null },
};

/** A host as it is before anybody connected, and a way to give it a command, where it can receive any. */
export interface HostUnderTest {
  readonly host: Host;
  readonly command: (() => HostCommand) | null;
}

/** What every host must do, whatever is around it. */
export function hostContract(name: Host["name"], make: () => HostUnderTest): void {
  const askAll = (host: Host): Promise<unknown>[] => [
    host.matchNumber("+918000000001"),
    host.popRecord(null, "+918000000001", someCall),
    host.saveCallLog(someLog),
    host.placeCall("+918000000001", "call-1", null),
  ];

  test(`[H1] ${name}: it has its name and declares what it can do`, () => {
    const { host } = make();
    expect(host.name).toBe(name);
    expect(Object.values(host.capabilities()).every((can) => typeof can === "boolean")).toBe(true);
    host.dispose();
  });

  test(`[H2] ${name}: telling it something never throws, not even after dispose`, () => {
    const { host } = make();
    expect(() => host.tell({ type: "call-changed", call: someCall })).not.toThrow();
    // A value that cannot be cloned into a message.
    expect(() => host.tell({ type: "signed-in", agent: (() => {}) as never })).not.toThrow();
    host.dispose();
    expect(() => host.tell({ type: "signed-out" })).not.toThrow();
  });

  test(`[H3] ${name}: every request settles by dispose, and a rejection is a PhoneError`, async () => {
    const { host } = make();
    const asked = askAll(host);
    host.dispose();
    for (const result of await Promise.allSettled([...asked, ...askAll(host)])) {
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(PhoneError) });
      expect(["host-silent", "not-supported"]).toContain((result as PromiseRejectedResult).reason.code);
    }
  });

  test(`[H4] ${name}: subscriptions and dispose may be undone twice`, () => {
    const { host } = make();
    const undo = [host.onConnected(() => {}), host.onCommand(async () => ({ ok: true })), () => host.dispose()];
    for (const run of [...undo, ...undo]) expect(run).not.toThrow();
  });

  test(`[H5] ${name}: a command that comes before the handler is kept, and reaches one handler only`, async () => {
    const { host, command } = make();
    if (command === null) return host.dispose();
    const given = command();
    const heard: unknown[] = [];
    host.onCommand(async (type, payload) => {
      heard.push({ type, payload });
      return { ok: true };
    });
    host.onCommand(async () => ({ ok: true }));
    await Promise.resolve();
    expect(heard).toEqual([given]);
    host.dispose();
  });
}
