import { useId } from "preact/hooks";
import type { PhoneErrorCode } from "../core/errors.ts";
import type { CallView, Phone } from "../core/view.ts";
import type { BrokenOff } from "./broken-off.ts";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { useScreen } from "./screen-state.ts";
import { BROKEN_OFF, CALL_BACK, ERRORS } from "./strings.ts";

type Party = Pick<CallView, "remoteNumber" | "remoteName" | "record">;

/** What happened to a call that broke off, and one click to have them back. */
export function BrokenOffCall({ how, party }: { readonly how: BrokenOff; readonly party: Party }) {
  const { phone, state, attempt } = useScreen();
  const id = useId();
  const problem = whyNoDial(phone);
  const callBack = () => {
    if (problem !== null) return;
    void attempt(phone.dial(party.remoteNumber, aboutParty(party))).then((worked) => {
      if (worked) state.selectedCall.value = null;
    });
  };
  return (
    <div class="broken-off">
      <p>
        <Icon name="triangle-alert" size={16} />
        <span>{BROKEN_OFF[how]}</span>
      </p>
      <Button icon="phone" aria-disabled={problem !== null} aria-describedby={problem ? id : undefined} onClick={callBack}>
        {CALL_BACK}
      </Button>
      {problem && (
        <p class="broken-off-reason" id={id}>
          {ERRORS[problem]}
        </p>
      )}
    </div>
  );
}

/** Why nobody can be called now, as far as the screen knows; `null`: it can be tried. */
export function whyNoDial({ config, line, call }: Phone): PhoneErrorCode | null {
  const phase = call.value?.phase ?? "ended";
  if (config.dialing.via === "none") return "dial-not-configured";
  if (phase !== "ended" && phase !== "wrap-up") return "call-in-progress";
  if (line.value.state === "signed-out") return "not-signed-in";
  return line.value.state === "ready" ? null : "not-ready";
}

/** Who is dialled, as far as it was known: never the number in the place of a name. */
export function aboutParty({ remoteName, record }: Party): NonNullable<Parameters<Phone["dial"]>[1]> {
  const name = record?.name.trim() || remoteName?.trim();
  return { ...(record ? { record } : {}), ...(name ? { name } : {}) };
}
