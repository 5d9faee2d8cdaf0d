import type { Notice } from "../core/view.ts";
import { Button, IconButton } from "./Button.tsx";
import { shownNumber } from "./format-number.ts";
import { isDialProblem } from "./is-dial-problem.ts";
import { useScreen } from "./screen-state.ts";
import { Strip } from "./Strip.tsx";
import { ERRORS, NOTICES } from "./strings.ts";

/** Strips that are not about the call: what the agent should know or do next. */
export function Notices({ isIdle }: { readonly isIdle: boolean }) {
  const { phone, state, attempt } = useScreen();
  const notices = phone.notices.value;
  const unsaved = phone.unsaved.value;
  const problem = state.problem.value;
  const isSaidElsewhere = problem !== null && (notices.some((notice) => notice.code === problem) || (isIdle && isDialProblem(problem)));
  return (
    <div class="notices">
      {!phone.canRing.value && phone.call.value?.phase !== "ringing" && (
        <button type="button" class="strip strip-warn strip-button" onClick={() => void attempt(phone.enableRinging())}>
          Click to enable ringing
        </button>
      )}
      {problem !== null && !isSaidElsewhere && (
        <Strip tone="bad" icon="triangle-alert" after={<IconButton name="Dismiss" icon="x" onClick={() => (state.problem.value = null)} />}>
          <span role="alert">{ERRORS[problem]}</span>
        </Strip>
      )}
      {notices.map((notice) => (
        <NoticeStrip key={notice.code} notice={notice} />
      ))}
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

function NoticeStrip({ notice }: { readonly notice: Notice }) {
  const { phone } = useScreen();
  const about = notice.about && /^\+?\d{3,}$/.test(notice.about) ? shownNumber(phone, notice.about) : notice.about;
  const text = isOwn(notice.code) ? NOTICES[notice.code] : ERRORS[notice.code];
  return (
    <Strip
      tone={notice.code === "call-missed" || !isOwn(notice.code) ? "warn" : "info"}
      icon={notice.code === "call-missed" ? "phone-missed" : "info"}
      after={<IconButton name="Dismiss" icon="x" onClick={() => phone.dismiss(notice.code)} />}
    >
      {about ? `${text.replace(/\.$/, "")} · ${about}` : text}
    </Strip>
  );
}

const isOwn = (code: Notice["code"]): code is keyof typeof NOTICES => Object.hasOwn(NOTICES, code);
