import type { Notice, Phone } from "../core/view.ts";
import type { EndReason } from "../protocol/call.ts";
import { Button, IconButton } from "./Button.tsx";
import { callerName } from "./Caller.tsx";
import { shownNumber } from "./format-number.ts";
import { isDialProblem } from "./is-dial-problem.ts";
import { moveHere } from "./move-here.ts";
import { useScreen } from "./screen-state.ts";
import { SetAside } from "./SetAside.tsx";
import { Strip } from "./Strip.tsx";
import { ALLOW_MICROPHONE, END_WORDS, ERRORS, NOTICES, SIGN_IN_AGAIN } from "./strings.ts";

/** Strips that are not about the call: what the agent should know or do next. */
export function Notices({ isIdle }: { readonly isIdle: boolean }) {
  const { phone, state, attempt } = useScreen();
  const { reason } = phone.line.value;
  // What the first line says is said there.
  const notices = phone.notices.value.filter(({ code }) => !(isIdle && code === reason));
  const unsaved = phone.unsaved.value - phone.aside.value.length;
  const problem = state.problem.value;
  const isLost = phone.whereabouts.value === "lost" || problem === "leader-silent";
  const isSaidElsewhere =
    problem !== null &&
    (problem === "leader-silent" || notices.some((notice) => notice.code === problem) || (isIdle && isDialProblem(problem)));
  return (
    <div class="notices">
      {isLost && (
        <Strip
          tone="bad"
          icon="monitor"
          after={
            <Button kind="link" onClick={() => void attempt(moveHere(phone, true))}>
              Move it here
            </Button>
          }
        >
          <span role="alert">{ERRORS["leader-silent"]}</span>
        </Strip>
      )}
      {problem !== null && !isSaidElsewhere && (
        <Strip tone="bad" icon="triangle-alert" after={<IconButton name="Dismiss" icon="x" onClick={() => (state.problem.value = null)} />}>
          <span role="alert">{ERRORS[problem]}</span>
        </Strip>
      )}
      {isIdle && <LastCall />}
      {isIdle && <MicrophoneHint />}
      {groupNotices(notices).map(([notice, count]) => (
        <NoticeStrip key={notice.code} notice={notice} count={count} isIdle={isIdle} />
      ))}
      <SetAside />
      {unsaved > 0 && (
        <Strip
          tone="warn"
          icon="triangle-alert"
          after={
            <Button kind="link" onClick={() => phone.retryUnsaved()}>
              Try again
            </Button>
          }
        >
          {unsaved === 1 ? "1 call not saved yet" : `${unsaved} calls not saved yet`}
        </Strip>
      )}
    </div>
  );
}

/** The same notice about several things is one strip: five missed calls must not push the keypad away. */
export function groupNotices(notices: readonly Notice[]): readonly (readonly [Notice, number])[] {
  const groups = new Map<Notice["code"], readonly [Notice, number]>();
  for (const notice of notices) groups.set(notice.code, [notice, (groups.get(notice.code)?.[1] ?? 0) + 1]);
  return [...groups.values()];
}

interface NoticeStripProps {
  readonly notice: Notice;
  readonly count: number;
  readonly isIdle: boolean;
}

function NoticeStrip({ notice, count, isIdle }: NoticeStripProps) {
  const { phone, attempt } = useScreen();
  const isMissed = notice.code === "call-missed";
  const isOver = notice.code === "session-over";
  const open = () => {
    phone.dismiss(notice.code);
    phone.show("calls");
  };
  return (
    <Strip
      tone={isMissed || !isOwn(notice.code) ? "warn" : "info"}
      icon={isMissed ? "phone-missed" : "info"}
      after={
        <>
          {isMissed && (
            <Button kind="link" onClick={open}>
              Show
            </Button>
          )}
          {isOver && isIdle ? (
            <Button kind="link" onClick={() => void attempt(phone.signOut())}>
              {SIGN_IN_AGAIN}
            </Button>
          ) : (
            <IconButton name="Dismiss" icon="x" onClick={() => phone.dismiss(notice.code)} />
          )}
        </>
      }
    >
      <span role={isOver ? "alert" : undefined}>{textOf(phone, notice, count)}</span>
    </Strip>
  );
}

function textOf(phone: Phone, { code, about }: Notice, count: number): string {
  if (code === "call-missed" && count > 1) return `${count} missed calls`;
  const text = isOwn(code) ? NOTICES[code] : ERRORS[code];
  const shown = about && /^\+?\d{3,}$/.test(about) ? shownNumber(phone, about) : about;
  return shown ? `${text.replace(/\.$/, "")} · ${shown}` : text;
}

/** A call would ring, and the browser would ask in the middle of answering it. */
function MicrophoneHint() {
  const { phone, attempt } = useScreen();
  const { state, missing } = phone.line.value;
  if (phone.microphone.value !== "unknown" || state !== "ready" || missing.length > 0) return null;
  return (
    <Strip
      tone="info"
      icon="mic"
      after={
        <Button kind="link" onClick={() => void attempt(phone.checkMicrophone())}>
          Allow
        </Button>
      }
    >
      {ALLOW_MICROPHONE}
    </Strip>
  );
}

/** Why the last call did not come about, where that is news: not what the agent did, nor what a notice says. */
function LastCall() {
  const { phone, state } = useScreen();
  const call = phone.call.value;
  if (call?.phase !== "ended" || !call.endReason || call.callId === state.endRead.value || !NEWS.includes(call.endReason)) return null;
  return (
    <Strip
      tone="info"
      icon={call.direction === "outgoing" ? "phone-outgoing" : "phone-incoming"}
      after={<IconButton name="Dismiss" icon="x" onClick={() => (state.endRead.value = call.callId)} />}
    >
      {END_WORDS[call.endReason]} · {callerName(call, shownNumber(phone, call.remoteNumber))}
    </Strip>
  );
}

const NEWS: readonly EndReason[] = ["busy", "no-answer", "failed", "answered-elsewhere", "connection-lost"];

const isOwn = (code: Notice["code"]): code is keyof typeof NOTICES => Object.hasOwn(NOTICES, code);
