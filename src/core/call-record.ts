import { isUp } from "./call/allowed.ts";
import type { CallState } from "./call/state.ts";
import type { Desk } from "./desk.ts";
import type { LegId, LegRecord, SipAccount } from "./engine-port.ts";
import { PREFIX, type SurvivingCall, VERSION } from "./surviving-call.ts";
import { createWriter } from "./writer.ts";

const SEEN_EVERY_MS = 5_000;

/** Writes the calls that are up down, for another page: whenever one or its leg has changed, and every few seconds. */
export interface CallRecord {
  /** The engine's newest record of a leg. */
  leg(leg: LegId, record: LegRecord): void;
  /** This page is not the first that has this call. */
  begin(callId: string, epoch: number): void;
  /** Of this page; 0 in the first that has the call. */
  epochOf(callId: string): number;
  /** Another page could go on with this call. */
  has(state: CallState): boolean;
  write(): void;
  /** It is over. */
  end(state: CallState): void;
  /** Another page writes from now on. */
  release(): void;
}

export interface CallRecordParts {
  states(): readonly CallState[];
  isConsultation(callId: string): boolean;
  account(): SipAccount | null;
  /** The engine can go on with what is written here. */
  canSurvive(): boolean;
}

export function createCallRecord(desk: Desk, { states, isConsultation, account, canSurvive }: CallRecordParts): CallRecord {
  const { safe, clock } = desk.ports;
  const writer = createWriter(safe, () => {});
  const records = new Map<LegId, LegRecord>();
  /** By call id. */
  const epochs = new Map<string, number>();
  let stop = () => {};
  desk.scope.add(() => stop());

  const has = (call: CallState): boolean => {
    // An INVITE of ours that nobody has answered belongs to this page alone.
    if (call.phase === "dialing") return call.dial.reply !== "direct";
    return isUp(call) && (!("leg" in call) || records.has(call.leg));
  };
  const put = (call: CallState, owner: SipAccount): void => {
    if (call.phase === "idle" || !has(call)) return;
    const { callId } = call.facts;
    const record = "leg" in call ? (records.get(call.leg) ?? null) : null;
    const epoch = epochs.get(callId) ?? 0;
    void writer.put(PREFIX + callId, {
      version: VERSION,
      account: owner,
      epoch,
      state: call,
      isConsultation: isConsultation(callId),
      record,
      seenAt: clock.now(),
    } satisfies SurvivingCall);
  };
  const write = (): void => {
    stop();
    const owner = account();
    if (owner === null || !canSurvive() || !states().some(has)) return;
    for (const call of states()) put(call, owner);
    stop = clock.after(SEEN_EVERY_MS, write);
  };
  return {
    has,
    write,
    leg: (leg, record) => {
      records.set(leg, record);
      write();
    },
    begin: (callId, epoch) => void epochs.set(callId, epoch),
    epochOf: (callId) => epochs.get(callId) ?? 0,
    end: (call) => {
      if (call.phase === "idle") return;
      if ("leg" in call) records.delete(call.leg);
      epochs.delete(call.facts.callId);
      void writer.put(PREFIX + call.facts.callId, undefined);
    },
    release: () => {
      stop();
      records.clear();
      epochs.clear();
    },
  };
}
