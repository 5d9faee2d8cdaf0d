import { snapshotOf } from "./call/facts.ts";
import type { Asked, CallState } from "./call/state.ts";
import type { CallView, Toggle } from "./view.ts";

/**
 * The call as the screen shows it.
 *
 * @param showsLost     whether a connection that is lost is worth a word yet.
 * @param consultation  id of the call that is one.
 */
export function callView(state: CallState, showsLost: boolean, consultation: string | null): CallView | null {
  const call = snapshotOf(state);
  if (call === null) return null;
  const talk = state.phase === "active" || state.phase === "reconnecting" ? state : null;
  return {
    callId: call.callId,
    direction: call.direction,
    phase: call.phase === "reconnecting" && !showsLost ? "active" : call.phase,
    remoteNumber: call.remoteNumber,
    remoteName: call.remoteName,
    localNumber: call.localNumber,
    record: call.record,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    endReason: call.endReason,
    sipCode: call.sipCode,
    mute: state.phase === "connecting" ? toggle(state.mute) : toggle(talk?.mute),
    hold: toggle(talk?.hold),
    heldThere: talk?.heldThere ?? false,
    silenced: state.phase === "ringing" && state.silenced,
    lost: state.phase === "reconnecting" && showsLost ? (state.lost.media ? "media" : "signalling") : null,
    digits: talk?.digits ?? "",
    transferringTo: talk?.transfer ?? null,
    isConsultation: call.callId === consultation,
  };
}

function toggle(asked?: Asked): Toggle {
  return { wanted: asked?.wanted ?? false, confirmed: asked?.confirmed ?? false };
}
