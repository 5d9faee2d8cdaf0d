import { type ReadonlySignal } from "@preact/signals-core";
import type { CallSnapshot, CrmRecord } from "../protocol/call.ts";
import { sameNumber } from "./call/number.ts";
import type { CallEvent } from "./call/state.ts";
import { type Desk, codeOf, isMicrophoneCode } from "./desk.ts";
import { PhoneError } from "./errors.ts";

export interface ScreenPopParts {
  readonly context: ReadonlySignal<{ readonly record: CrmRecord | null; readonly number: string | null }>;
  /** The call with this id as it is now, `null` when it is no longer up. */
  upNow(callId: string): CallSnapshot | null;
  feed(event: CallEvent): void;
}

/** Finds out who a number belongs to. A call that starts to ring opens its record in the CRM, once. */
export interface ScreenPop {
  rang(call: CallSnapshot): void;
  dialled(call: CallSnapshot): void;
}

export function createScreenPop(desk: Desk, parts: ScreenPopParts): ScreenPop {
  const { host, log, audio } = desk.ports;
  const match = async (call: CallSnapshot): Promise<CrmRecord | null> => {
    const { record, number } = parts.context.peek();
    // The record on the agent's screen goes before another that happens to share the number.
    if (record !== null && number !== null && sameNumber(number, call.remoteNumber)) return record;
    if (!host.capabilities().canMatchNumbers) return null;
    try {
      return (await host.matchNumber(call.remoteNumber))[0] ?? null;
    } catch (error) {
      log.write("warn", "screen pop: no match", { code: codeOf(error) });
      return null;
    }
  };
  const identify = async (call: CallSnapshot): Promise<CrmRecord | null> => {
    const record = call.record ?? (await match(call));
    if (record !== null && call.record === null) parts.feed({ type: "record-found", callId: call.callId, record });
    return record;
  };
  const pop = async (call: CallSnapshot): Promise<void> => {
    const record = await identify(call);
    const now = parts.upNow(call.callId);
    if (now === null || !host.capabilities().canPopRecords) return;
    await host.popRecord(record, call.remoteNumber, now).catch((error: unknown) => {
      log.write("warn", "screen pop failed", { code: codeOf(error) });
    });
  };
  /** While it rings there is still time to allow the microphone. */
  const warnOfMicrophone = async (): Promise<void> => {
    const state = await audio.checkMicrophone(false);
    if (state !== "unknown" && state !== "usable" && isMicrophoneCode(state)) desk.notices.push(state);
  };
  return {
    rang: (call) => {
      void pop(call);
      void warnOfMicrophone();
    },
    dialled: (call) => void identify(call),
  };
}

/** A click on the record opens it in the page where it was clicked, whichever tab has the call. Rejects with `PhoneError`. */
export async function openRecord({ ports: { host } }: Desk, call: CallSnapshot | null): Promise<void> {
  if (call === null) throw new PhoneError("no-call");
  if (!host.capabilities().canPopRecords) throw new PhoneError("not-supported");
  await host.popRecord(call.record, call.remoteNumber, call);
}
