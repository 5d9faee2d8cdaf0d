import { Button } from "./Button.tsx";
import { callerName } from "./Caller.tsx";
import { shownNumber } from "./format-number.ts";
import { useScreen } from "./screen-state.ts";
import { Strip } from "./Strip.tsx";
import { SET_ASIDE } from "./strings.ts";

/** Wrap-ups that wait behind another call: whose, how many, and the one that has waited longest on a click. */
export function SetAside() {
  const { phone, attempt } = useScreen();
  const [first, ...others] = phone.aside.value;
  if (!first) return null;
  const name = callerName(first, shownNumber(phone, first.remoteNumber));
  // While somebody is on the line their note is on the screen; the others come when the call is over.
  const phase = phone.call.value?.phase ?? "ended";
  const isFree = phase === "wrap-up" || phase === "ended";
  const open = (
    <Button kind="link" aria-label={SET_ASIDE.open(name)} onClick={() => void attempt(phone.bringUp(first.callId))}>
      {SET_ASIDE.button}
    </Button>
  );
  return (
    <Strip tone="info" icon="history" after={isFree ? open : undefined}>
      {SET_ASIDE.text(name, others.length)}
    </Strip>
  );
}
