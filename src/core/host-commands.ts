import type { PhoneSnapshot, RefusalCode } from "../protocol/host.ts";
import { type Desk, codeOf } from "./desk.ts";
import type { PhoneErrorCode } from "./errors.ts";
import type { CommandHandler, CommandResult } from "./ports.ts";
import type { CommandPayload, CommandType } from "../protocol/host.ts";
import type { Phone } from "./view.ts";

type Commanded = Pick<
  Phone,
  | "dial"
  | "answer"
  | "reject"
  | "transfer"
  | "consult"
  | "completeTransfer"
  | "cancelConsult"
  | "swap"
  | "hangUp"
  | "setMuted"
  | "setHeld"
  | "sendDigits"
  | "signOut"
  | "show"
  | "call"
>;
export interface HostCommandParts {
  readonly phone: Commanded;
  signIn(fields: CommandPayload<"signIn">): Promise<void>;
  signInByToken(proof: CommandPayload<"signInByToken">): Promise<void>;
  setContext(context: CommandPayload<"setContext">): void;
  snapshot(): PhoneSnapshot;
}

type Table = { readonly [T in CommandType]: (payload: CommandPayload<T>) => unknown };

/** Carries out the host's commands, in whichever tab the phone is; each is acknowledged, or refused with a code. */
export function createHostCommands(desk: Desk, { phone, signIn, signInByToken, setContext, snapshot }: HostCommandParts): CommandHandler {
  const table: Table = {
    dial: async ({ number, record, name }) => {
      await phone.dial(number, { record, name });
      return { callId: phone.call.peek()?.callId ?? null };
    },
    answer: () => phone.answer(),
    reject: () => phone.reject(),
    hangup: () => phone.hangUp(),
    transfer: ({ number }) => phone.transfer(number),
    consult: async ({ number }) => {
      await phone.consult(number);
      return { callId: phone.call.peek()?.callId ?? null };
    },
    completeTransfer: () => phone.completeTransfer(),
    cancelConsult: () => phone.cancelConsult(),
    swap: () => phone.swap(),
    mute: ({ muted }) => phone.setMuted(muted),
    hold: ({ held }) => phone.setHeld(held),
    dtmf: ({ digits }) => phone.sendDigits(digits),
    setContext,
    signIn,
    signInByToken,
    signOut: () => phone.signOut(),
    showPanel: ({ panel }) => phone.show(panel),
    getSnapshot: snapshot,
  };
  return async (type, payload): Promise<CommandResult> => {
    try {
      const value = await table[type](payload);
      return value === undefined ? { ok: true } : { ok: true, value };
    } catch (error) {
      const code = codeOf(error);
      desk.ports.log.write("info", "host: command refused", { type, code });
      return { ok: false, code: REFUSALS[code] };
    }
  };
}

const REFUSALS: Record<PhoneErrorCode, RefusalCode> = {
  "microphone-missing": "microphone-missing",
  "microphone-refused": "microphone-refused",
  "microphone-not-delegated": "microphone-not-delegated",
  "microphone-busy": "not-possible-now",
  "sound-blocked": "not-possible-now",
  "browser-unsupported": "not-supported",
  "credentials-refused": "credentials-refused",
  "sign-in-refused": "credentials-refused",
  "sign-in-used": "credentials-refused",
  "sign-in-too-often": "credentials-refused",
  "session-over": "not-signed-in",
  "gateway-silent": "not-ready",
  "no-account": "not-ready",
  "server-unreachable": "not-ready",
  "server-not-allowed": "server-not-allowed",
  "account-incomplete": "malformed",
  "not-signed-in": "not-signed-in",
  "not-ready": "not-ready",
  "no-call": "no-call",
  "call-in-progress": "call-in-progress",
  "number-invalid": "number-invalid",
  "digit-invalid": "malformed",
  "dial-failed": "dial-failed",
  "dial-not-configured": "not-supported",
  "not-possible-now": "not-possible-now",
  "not-supported": "not-supported",
  "hold-refused": "hold-refused",
  "transfer-failed": "not-possible-now",
  "host-silent": "dial-failed",
  "storage-full": "internal",
  "phone-is-elsewhere": "phone-is-elsewhere",
  "leader-silent": "phone-is-elsewhere",
  internal: "internal",
};
