import type { CallSnapshot } from "../protocol/call.ts";
import type { HostEvent, LineSnapshot } from "../protocol/host.ts";
import type { SharedEvent } from "../protocol/tabs.ts";
import { createEmitter } from "../lib/emitter.ts";
import type { Host, Tabs } from "./ports.ts";

/**
 * Tells this tab's host page what happens to the one phone of all tabs: what the own phone says while it leads, what the
 * leading tab says while this one follows. Nothing is told twice.
 */
export interface Teller {
  /** From the own phone. */
  tell(event: HostEvent): void;
  /** From the leading tab. */
  relay(event: SharedEvent): void;
  /** How many events the host was told. */
  told(): number;
  /** What the own phone told that is of interest to the host pages of all tabs. */
  onShared(listener: (event: SharedEvent) => void): () => void;
  /** The calls that the host believes to be up. */
  callsUp(): readonly CallSnapshot[];
  /** Tells what the host does not know yet of how everything is now. */
  catchUp(line: LineSnapshot, agent: string | null, calls: readonly (CallSnapshot | null)[]): void;
}

/**
 * - [M30] The host page of every tab is told the same, in the same order, and once.
 * - [M31] What happens once (a missed call, a saved outcome) is told in the tab that has the phone, alone.
 * - [M32] A tab that comes later, or missed something, is told how everything is.
 * - [M33] A call that a host was told of is told to be over, also where the tab that had it is gone (`call-closer.ts`).
 * - [M34] That the own phone of a tab which follows is elsewhere is no news.
 */
export function createTeller(host: Host, tabs: Tabs): Teller {
  const shared = createEmitter<SharedEvent>();
  let count = 0;
  let line: LineSnapshot | null = null;
  let agent: string | null = null;
  let lastCall: CallSnapshot | null = null;
  const callsUp = new Map<string, CallSnapshot>();

  const isNews = (event: HostEvent): boolean => {
    if (event.type === "line-changed") return !sameFields(event.line, line);
    return event.type !== "call-changed" || !sameFields(event.call, callsUp.get(event.call.callId) ?? lastCall);
  };
  const noteCall = (call: CallSnapshot): void => {
    lastCall = call;
    if (call.phase === "wrap-up" || call.phase === "ended") callsUp.delete(call.callId);
    else callsUp.set(call.callId, call);
  };
  const pass = (event: HostEvent): void => {
    if (!isNews(event)) return;
    if (event.type === "line-changed") line = event.line;
    if (event.type === "call-changed") noteCall(event.call);
    if (event.type === "signed-in") agent = event.agent;
    if (event.type === "signed-out") agent = null;
    count += 1;
    host.tell(event);
  };
  return {
    tell: (event) => {
      if (!isShared(event)) return pass(event);
      // The own phone of a tab that follows says only that it is elsewhere.
      if (tabs.role() === "follower") return;
      pass(event);
      shared.emit(event);
    },
    relay: pass,
    told: () => count,
    onShared: shared.on,
    callsUp: () => [...callsUp.values()],
    catchUp: (lineNow, agentNow, callsNow) => {
      pass({ type: "line-changed", line: lineNow });
      if (agentNow !== null && agentNow !== agent) pass({ type: "signed-in", agent: agentNow });
      if (agentNow === null && agent !== null) pass({ type: "signed-out" });
      for (const call of callsNow) if (call !== null) pass({ type: "call-changed", call });
    },
  };
}

const ONE_TAB_ONLY: ReadonlySet<HostEvent["type"]> = new Set(["ready", "call-missed", "disposition-saved"]);

function isShared(event: HostEvent): event is SharedEvent {
  return !ONE_TAB_ONLY.has(event.type);
}

/** Records are compared as what they say: those of another tab are copies. */
function sameFields<T extends object>(a: T, b: T | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
