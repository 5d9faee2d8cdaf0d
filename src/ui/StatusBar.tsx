import type { Phone } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { Elapsed, NextTry, Remaining } from "./Clock.tsx";
import { Fix } from "./Fix.tsx";
import { Menu } from "./Menu.tsx";
import { Quality } from "./Quality.tsx";
import { useScreen } from "./screen-state.ts";
import { type Status, statusOf } from "./status-of.ts";
import { ENABLE_RINGING, ERRORS } from "./strings.ts";

/** The first line is the truth: a dot, a word, the reason, and what happens next. */
export function StatusBar() {
  const { phone } = useScreen();
  const line = phone.line.value;
  const call = phone.call.value;
  const work = phone.work.value;
  const status = statusOf(line, call, phone.tabRole.value);
  const talksSince = call && (call.phase === "active" || call.phase === "reconnecting") ? call.answeredAt : null;
  const deadline = call?.phase === "wrap-up" || !call ? (work?.deadlineAt ?? null) : null;
  const sentence = status.reason && phone.agent.value ? ERRORS[status.reason] : status.detail;
  return (
    <header class={`status tone-${status.tone}`} aria-label="Phone status">
      <div class="status-line">
        <span class={call?.phase === "ringing" ? "dot dot-ringing" : "dot"} />
        {talksSince !== null && (
          <span class="timer" role="timer" aria-label="Time on the call">
            <Elapsed since={talksSince} />
          </span>
        )}
        <span role="status" class={status.tone === "good" && talksSince !== null ? "status-word hidden" : "status-word clip"}>
          {status.word}
        </span>
        {deadline !== null && <Remaining until={deadline} />}
        {line.state === "retrying" && !call && line.nextTryAt !== null && <NextTry at={line.nextTryAt} />}
        <span class="grow" />
        <StatusAction status={status} phone={phone} />
        {talksSince !== null && <Quality />}
        {phone.agent.value && <Menu />}
      </div>
      {sentence && <p class="status-reason">{sentence}</p>}
      {status.reason && phone.agent.value && <Fix code={status.reason} />}
    </header>
  );
}

function StatusAction({ status, phone }: { readonly status: Status; readonly phone: Phone }) {
  const { attempt } = useScreen();
  switch (status.action) {
    case "try-now":
      return (
        <Button kind="link" onClick={() => phone.retryNow()}>
          Try now
        </Button>
      );
    case "go-ready":
      return (
        <Button kind="link" onClick={() => void attempt(phone.setAvailable(true))}>
          Go ready
        </Button>
      );
    case "enable-ringing":
      return (
        <Button kind="link" onClick={() => void attempt(phone.enableRinging())}>
          {ENABLE_RINGING}
        </Button>
      );
    case "check-microphone":
      return (
        <Button kind="link" onClick={() => void attempt(phone.checkMicrophone())}>
          Try again
        </Button>
      );
    case null:
      return null;
    default:
      return status.action satisfies never;
  }
}
