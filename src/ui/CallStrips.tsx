import type { CallView } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { shownNumber } from "./format-number.ts";
import { MicLevel } from "./MicLevel.tsx";
import { useScreen } from "./screen-state.ts";
import { Strip } from "./Strip.tsx";
import { QUALITY_REASONS, TWO_CALLS } from "./strings.ts";

/** What can hurt in a call is a strip, never only an icon. */
export function CallStrips({ call }: { readonly call: CallView }) {
  const { phone, attempt } = useScreen();
  const quality = phone.quality.value;
  const isUp = call.phase === "active";
  return (
    <>
      {call.phase === "reconnecting" && (
        <Strip tone="warn" icon="refresh-cw">
          {call.lost === "media" ? "No sound arrives. Reconnecting the call…" : "The connection is lost. Getting the call back…"}
        </Strip>
      )}
      {call.transferringTo !== null && (
        <Strip tone="info" icon="phone-forwarded">
          <span role="status">{TWO_CALLS.transferring(shownNumber(phone, call.transferringTo))}</span>
        </Strip>
      )}
      {call.mute.confirmed && (
        <Strip tone="warn" icon="mic-off" after={<MicLevel />}>
          You are muted
        </Strip>
      )}
      {(call.hold.confirmed || call.heldThere) && (
        <Strip
          tone="warn"
          icon="pause"
          after={
            call.hold.confirmed && (
              <Button kind="link" aria-label="Resume the call" onClick={() => void attempt(phone.setHeld(false))}>
                Resume
              </Button>
            )
          }
        >
          {heldText(call)}
        </Strip>
      )}
      {isUp && quality?.reason && quality.level === "poor" && !call.hold.confirmed && !call.heldThere && (
        <Strip tone="warn" icon="triangle-alert">
          {QUALITY_REASONS[quality.reason]}
        </Strip>
      )}
    </>
  );
}

function heldText(call: CallView): string {
  if (call.hold.confirmed && call.heldThere) return "On hold by both of you";
  return call.hold.confirmed ? "On hold: they cannot hear you" : "They put you on hold";
}
