import type { EndReason } from "../protocol/call.ts";
import type { LineNeed } from "../protocol/host.ts";
import type { LineView, Notice, QualityView } from "../core/view.ts";
import type { PhoneErrorCode } from "../core/errors.ts";

/** Everything the screen says, in one place. Second person, present tense, words instead of codes. */

/** One sentence a problem: what is so, and what to do. */
export const ERRORS: Record<PhoneErrorCode, string> = {
  "microphone-missing": "No microphone is connected. Plug one in, then try again.",
  "microphone-refused": "The browser blocks the microphone. Allow it for this site, then try again.",
  "microphone-not-delegated": "The CRM does not let this panel use the microphone. Ask your administrator to allow it.",
  "microphone-busy": "Another program is using the microphone. Close it, then try again.",
  "sound-blocked": "Calls come in without a sound until you click here.",
  "browser-unsupported": "This browser cannot make calls. Use a current Chrome, Edge, Firefox or Safari.",
  "credentials-refused": "The SIP ID or the password is not right. Check both and sign in again.",
  "sign-in-refused": "The user name or the password is not right. Check both and sign in again.",
  "sign-in-used": "This link is used up or too old. Ask your administrator for a new one, or open the phone from the CRM again.",
  "sign-in-too-often": "Too many tries. Wait five minutes, then sign in again.",
  "session-over": "Your sign-in has run out. Sign in again; your notes and logs wait here.",
  "gateway-silent": "The phone's own server does not answer. Check your internet or VPN, then try again.",
  "no-account": "No phone line is set up for you yet. Ask your administrator.",
  "server-unreachable": "The phone service does not answer. Check your internet or VPN.",
  "server-not-allowed": "This VoIP proxy is not allowed here. Choose a region, or ask your administrator to add it.",
  "account-incomplete": "Something is missing. Fill in all four fields as you received them.",
  "not-signed-in": "You are signed out. Sign in to call.",
  "not-ready": "The phone is not connected yet. Wait for Ready, then try again.",
  "no-call": "That call is already over.",
  "call-in-progress": "You are on a call. Finish it first.",
  "number-invalid": "This is not a complete number. Check its digits.",
  "digit-invalid": "Only 0-9, * and # can be sent.",
  "dial-failed": "The call could not be placed. Try again in a moment.",
  "dial-not-configured": "Calling out is not set up here. Ask your administrator.",
  "not-possible-now": "That is not possible at this moment. Try again.",
  "not-supported": "This phone cannot do that.",
  "hold-refused": "The call could not be put on hold or taken back. Nothing has changed.",
  "transfer-failed": "The transfer did not go through. The call is still with you.",
  "host-silent": "The CRM does not answer. Your note is kept and sent again later.",
  "storage-full": "This browser's storage is full. Keep this page open until your notes are saved.",
  "phone-is-elsewhere": "Your phone is in another tab. Use that tab, or bring the phone here.",
  "leader-silent": "The tab with your phone does not answer. Move the phone here, or close that tab.",
  internal: "Something went wrong here. Try again; if it stays, copy the diagnostics for support.",
};

/** Steps behind "How to fix", where one sentence is not enough. */
export const FIXES: Partial<Record<PhoneErrorCode, readonly string[]>> = {
  "microphone-missing": [
    "Plug in your headset or microphone.",
    "In the system's sound settings, check that it is switched on.",
    "Try again.",
  ],
  "microphone-refused": ["Click the icon left of the address of this page.", "Set Microphone to Allow.", "Reload the page."],
  "microphone-not-delegated": [
    'The frame of this phone needs allow="microphone; autoplay".',
    "Send this line to the administrator of your CRM.",
    "Until then, open the phone on a page of its own.",
  ],
  "microphone-busy": ["Close other calling apps and browser tabs.", "Unplug the headset and plug it in again.", "Try again."],
};

/** The sign-in form of a deployment whose gateway knows the agents. */
export const GATEWAY_SIGN_IN = {
  user: "User name",
  userMissing: "Type your user name.",
  password: "Password",
  passwordMissing: "Type your password.",
  other: "With an invitation link, or from your CRM, no password is needed.",
  lineRefused: "You are signed in, but your phone line was refused. Ask your administrator to check it.",
} as const;

export const NOTICES: Record<Exclude<Notice["code"], PhoneErrorCode>, string> = {
  "call-missed": "Missed call",
  "work-restored": "Your note from before the reload is back.",
  "host-cannot-save": "The CRM does not take call logs. They stay in the history here.",
};

export const LINE_WORDS: Record<LineView["state"], string> = {
  "signed-out": "Signed out",
  offline: "Offline",
  connecting: "Connecting",
  ready: "Ready",
  retrying: "Reconnecting",
  refused: "Not connected",
  "taken-elsewhere": "In use elsewhere",
  off: "Not ready",
};

/** Of a phone that is registered and still would not ring, or could not be answered. */
export const NEED_WORDS: Record<Exclude<LineNeed, "registration">, string> = {
  page: "Checking",
  microphone: "No microphone",
  ringing: "Silent",
};
export const SLEPT = "This page was asleep. Checking whether calls still reach you.";
export const ALLOW_MICROPHONE = "Allow the microphone before the first call.";
export const SIGN_IN_AGAIN = "Sign in again";
export const ENABLE_RINGING = "Enable ringing";

export const END_WORDS: Record<EndReason, string> = {
  "hung-up-here": "You hung up",
  "hung-up-there": "They hung up",
  rejected: "Declined",
  missed: "Missed",
  "answered-elsewhere": "Answered on another device",
  cancelled: "Cancelled",
  busy: "Busy",
  "no-answer": "No answer",
  failed: "Could not be connected",
  "media-denied": "No microphone",
  "connection-lost": "Connection lost",
  transferred: "Transferred",
};

/** How a call that was up broke off, in a word or two, in the place of `END_WORDS`. */
export const BROKEN_OFF_WORDS = { "connection-lost": "Connection lost", failed: "Broke off" } as const satisfies Partial<
  Record<EndReason, string>
>;

/** The same as a sentence, beside the button that calls back. */
export const BROKEN_OFF: Record<keyof typeof BROKEN_OFF_WORDS, string> = {
  "connection-lost": "The connection was lost and the call ended. They may be waiting for you.",
  failed: "The call broke off. They may be waiting for you.",
};

/** How a call of the gateway's history went; its outcomes are those of the exchange. */
export const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  completed: "Talked",
  busy: "Busy",
  "no-answer": "No answer",
  failed: "Could not be connected",
  canceled: "Cancelled",
  voicemail: "Voicemail",
};

/** The history that the gateway has. */
export const ARCHIVE = {
  from: "From",
  until: "Until",
  disposition: "Outcome",
  anyDisposition: "Any",
  older: "Show older calls",
  loading: "Loading calls…",
  retry: "Try again",
  saved: "Saved in the CRM",
  waiting: "Kept by the phone's server, not in the CRM yet",
} as const;

export const RECORDING = {
  title: "Recording",
  play: "Play recording",
  asking: "Asking for the recording…",
  later: "The recording is not there yet. It can take five minutes; this looks again by itself.",
  none: "There is no recording of this call.",
  broken: "The recording stopped playing. Try again.",
} as const;

export const CALL_BACK = "Call back";

/** Wrap-ups that wait behind another call. `others`: how many more than this one. */
export const SET_ASIDE = {
  text: (name: string, others: number): string =>
    others === 0 ? `Still to write up: ${name}` : `Still to write up: ${name} and ${others} more`,
  button: "Open",
  open: (name: string): string => `Open the note about ${name}`,
} as const;

/** In the details of a call, for somebody who reads the traces of the telephone network. */
export const FOR_SUPPORT = {
  title: "For support",
  sipCode: (code: number): string => `SIP ${code}`,
  sipCallId: (id: string): string => `Call-ID ${id}`,
} as const;

export const QUALITY_WORDS: Record<QualityView["level"], string> = { good: "Good", fair: "Fair", poor: "Poor" };

export const QUALITY_REASONS: Record<NonNullable<QualityView["reason"]>, string> = {
  loss: "Your internet is losing sound. Move closer to the Wi-Fi or use a cable.",
  jitter: "Your internet is uneven. Close downloads and video.",
  delay: "The sound is late. Let them finish before you speak.",
  "no-audio-in": "You cannot hear them: no sound arrives.",
  "no-audio-out": "They cannot hear you: no sound leaves your microphone.",
};

/** The quiet sign of a tab that shows a phone which runs in another. */
export const ELSEWHERE = "The phone runs in another tab";
export const MOVE_HERE = "Move the phone to this tab";
export const AWAITED = "Looking for your phone…";

/** Where the tab with the phone cannot be reached, and nothing can be shown: what is so, what to do. */
export const UNREACHABLE = {
  silent: {
    title: "The tab with your phone does not answer",
    text: "Move the phone to this tab, or reload the other one.",
    action: MOVE_HERE,
  },
  outdated: {
    title: "Your phone is in a tab with another version of it",
    text: "Reload this tab. If this stays, reload the other tab too.",
    action: "Reload",
  },
  busy: "You are on a call in that tab. Finish it there first.",
} as const;

/** About a second call and about sending a caller on. */
export const TWO_CALLS = {
  waiting: "Incoming call",
  onHold: "is on hold",
  transferTo: "Number to transfer to",
  transferring: (to: string) => `Transferring to ${to}…`,
  consulting: "You are asking about the call on hold",
} as const;

/** Under a field of the sign-in form that is empty. */
export const MISSING = {
  sipId: "Enter your SIP ID, for example asha1.",
  password: "Enter your SIP password.",
  domain: "Enter the VoIP domain, for example acme1.voip.exotel.com.",
  proxy: "Enter the VoIP proxy, for example voip.in1.exotel.com:443.",
} as const;

/** For the administrator, seen by the agent: the CRM did not fill in the panel's address. */
export const NOT_MERGED = (parameters: readonly string[]): string =>
  `Your CRM did not fill in “${parameters.join("”, “")}” in this panel's address. Tell your administrator; you can sign in all the same.`;
