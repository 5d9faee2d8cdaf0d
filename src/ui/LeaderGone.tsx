import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { moveHere } from "./move-here.ts";
import { useScreen } from "./screen-state.ts";
import { AWAITED, UNREACHABLE } from "./strings.ts";

/** The tab with the phone has not said yet how everything is: it does within a few milliseconds, or it never will. */
export function LeaderAwaited() {
  return (
    <div class="view" aria-busy="true">
      <h1 class="hidden">{AWAITED}</h1>
      <p class="skeleton">{AWAITED}</p>
    </div>
  );
}

/** The phone is in a tab that cannot be reached: what it shows is not known, but it can be had here. */
export function LeaderGone() {
  const { phone, state, attempt } = useScreen();
  const isOutdated = phone.whereabouts.value === "outdated";
  const { title, text, action } = UNREACHABLE[isOutdated ? "outdated" : "silent"];
  const act = () => (isOutdated ? location.reload() : void attempt(moveHere(phone, true)));
  return (
    <div class="view">
      <div class="empty">
        <Icon name="monitor" size={28} />
        <h1>{title}</h1>
        <p role="alert">{state.problem.value === "call-in-progress" ? UNREACHABLE.busy : text}</p>
      </div>
      <div class="actions">
        <Button kind="primary" icon={isOutdated ? "refresh-cw" : "monitor"} onClick={act}>
          {action}
        </Button>
      </div>
    </div>
  );
}
