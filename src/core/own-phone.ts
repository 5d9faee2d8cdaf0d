import type { SignIn } from "../protocol/host.ts";
import type { SipAccount } from "./ports.ts";
import type { Shown } from "./shown.ts";
import type { Phone } from "./view.ts";

/** What the agent does with the phone, wherever it is. */
export type Actions = Pick<
  Phone,
  | "signOut"
  | "setAvailable"
  | "retryNow"
  | "dial"
  | "answer"
  | "reject"
  | "silence"
  | "hangUp"
  | "setMuted"
  | "setHeld"
  | "sendDigits"
  | "write"
  | "saveWork"
  | "bringUp"
  | "endAndAnswer"
  | "swap"
  | "transfer"
  | "consult"
  | "completeTransfer"
  | "cancelConsult"
  | "retryUnsaved"
  | "markSeen"
  | "dismiss"
  | "testRinging"
  | "setPreferences"
>;

/** The phone that this tab has itself: the one phone while the tab leads. */
export interface OwnPhone extends Shown, Actions {
  /** `stay: null`: what is kept on this device stays as it is. */
  signIn(fields: SignIn, stay: boolean | null): Promise<void>;
  /** The agent left in another tab. */
  forget(): void;
  /** With what the agent is signed in, for the tabs that may lead next. */
  account(): SipAccount | null;
  remember(account: SipAccount): void;
  /** Reads what another tab may have changed on this device. */
  refresh(): void;
}
