import type { CallView, Phone } from "../core/view.ts";
import { endWords } from "./broken-off.ts";
import { callerName } from "./Caller.tsx";
import { shownNumber } from "./format-number.ts";
import { useScreen } from "./screen-state.ts";

/** What somebody who does not see the screen hears when a call changes. */
export function Announcer() {
  const { phone } = useScreen();
  const waiting = phone.otherCall.value?.phase === "ringing" ? phone.otherCall.value : null;
  const isRinging = waiting !== null || phone.call.value?.phase === "ringing";
  const text = announcementOf(phone, waiting ?? phone.call.value);
  return (
    <>
      <div class="hidden" aria-live="assertive">
        {isRinging && text}
      </div>
      <div class="hidden" aria-live="polite">
        {!isRinging && text}
      </div>
    </>
  );
}

function announcementOf(phone: Phone, call: CallView | null): string {
  if (!call) return "";
  const name = callerName(call, shownNumber(phone, call.remoteNumber));
  switch (call.phase) {
    case "ringing":
      return `Incoming call from ${name}`;
    case "dialing":
    case "connecting":
      return `Connecting to ${name}`;
    case "reconnecting":
      return "Reconnecting the call";
    case "active":
      return [
        `On a call with ${name}`,
        call.mute.confirmed && "You are muted",
        call.hold.confirmed && "They are on hold",
        call.heldThere && "They put you on hold",
      ]
        .filter(Boolean)
        .join(". ");
    case "wrap-up":
    case "ended":
      return call.endReason ? `Call ended. ${endWords(call)}` : "Call ended";
    default:
      return call.phase satisfies never;
  }
}
