import { effect, untracked } from "@preact/signals-core";
import type { GatewayEvent } from "../protocol/gateway-calls.ts";
import { allowed } from "./call/allowed.ts";
import type { Desk } from "./desk.ts";
import type { Parts } from "./parts.ts";
import type { TabRole } from "./ports.ts";

/**
 * Calls that the CRM's server asks the gateway for, and what becomes of those that the agent dials.
 *
 * - [C40] The tab that has the phone listens, while an agent is signed in; no other does.
 * - [C41] A call that was asked for is shown as dialled at once, and the agent's own leg is answered by itself, [C6].
 * - [C42] While the desk is not free it changes nothing: its leg rings, waits or is refused as any other.
 * - [C44] Where the session is over, the agent is told what to do; it listens again as soon as a sign-in, or a log that the
 *   gateway took, says that there is one. A call that is up, what is written and what waits stay as they are.
 * - [C43] Exotel's id of the call is told as soon as the gateway has it; a call that could not be placed ends as `failed`.
 */
export function hearGateway({ desk, agent, calls }: Parts, role: () => TabRole): void {
  const { agents } = desk.ports;
  if (agents === null) return;
  let stop: (() => void) | null = null;
  const end = (): void => {
    stop?.();
    stop = null;
  };
  desk.scope.add(end);
  desk.scope.add(
    effect(() => {
      const isHere = agent.view.value !== null && (role() === "leader" || role() === "alone");
      // The next agent, or the next tab that leads, has to be told by the gateway itself.
      if (!isHere) untracked(desk.session.renewed);
      if (isHere && !desk.session.isOver.value)
        stop ??= agents.follow((event) => {
          hear(desk, calls, event);
          if (event.type === "call-changed" || event.type === "too-late") desk.archiveChanges.value += 1;
        }, desk.session.ended);
      else end();
    }),
  );
}

function hear(desk: Desk, calls: Parts["calls"], event: GatewayEvent): void {
  const at = desk.ports.clock.now();
  switch (event.type) {
    case "dial-requested": {
      if (!allowed(calls.state.peek()).dial) return desk.ports.log.write("info", "call: asked for while another one is up");
      const number = desk.ports.numbers.toE164(event.number) ?? event.number;
      return calls.feed({ type: "dial", callId: event.callId, number, name: null, record: null, at, requested: true });
    }
    case "dial-failed": {
      const state = calls.state.peek();
      if (state.phase !== "dialing" || state.facts.callId !== event.callId) return;
      desk.notices.push("dial-failed", state.facts.remoteNumber);
      return calls.feed({ type: "dial-refused", callId: event.callId, reason: "failed", at });
    }
    case "call-changed": {
      const { callId, exotelCallSid } = event.call;
      const isOurs = calls.all().some((state) => "facts" in state && state.facts.callId === callId && state.facts.exotelCallSid === null);
      if (isOurs && exotelCallSid !== null) calls.feed({ type: "dial-accepted", callId, exotelCallSid, at });
      return;
    }
    default:
  }
}
