import type { CallLog } from "../../protocol/call.ts";
import type { GatewayEvent } from "../../protocol/gateway-calls.ts";
import { PhoneError } from "../errors.ts";
import type { AgentServer } from "../ports.ts";
import { FIELDS } from "./page.ts";

/** A gateway that is played: who listens, what it took, and whether it takes more. */
export function playGateway() {
  const logs: CallLog[] = [];
  const listeners = new Set<(event: GatewayEvent) => void>();
  const overs = new Set<() => void>();
  const state: { failing: PhoneError | null } = { failing: null };
  const agents: AgentServer = {
    signIn: async (proof) => {
      if ("password" in proof && proof.password !== "right") throw new PhoneError("sign-in-refused");
      return FIELDS;
    },
    saveCallLog: async (log) => {
      if (state.failing) throw state.failing;
      logs.push(log);
    },
    follow: (listener, over) => {
      listeners.add(listener);
      overs.add(over);
      return () => {
        listeners.delete(listener);
        overs.delete(over);
      };
    },
    findCalls: async () => ({ calls: [], next: null }),
    recording: async () => ({ kind: "none" }),
  };
  return {
    agents,
    logs,
    listeners,
    state,
    say: (event: GatewayEvent) => listeners.forEach((listener) => listener(event)),
    /** The stream is answered with 401, and nothing else is taken either. */
    endSession: () => {
      state.failing = new PhoneError("session-over");
      overs.forEach((over) => over());
    },
  };
}
