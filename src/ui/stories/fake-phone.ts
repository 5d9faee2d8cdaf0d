import { signal } from "@preact/signals";
import { type Config, readConfig } from "../../protocol/config.ts";
import type { SignIn } from "../../protocol/host.ts";
import type { Disposition } from "../../protocol/call.ts";
import type { SignInProof } from "../../protocol/gateway-agents.ts";
import type {
  Archive,
  AsideView,
  CallOptions,
  CallView,
  HistoryEntry,
  LineView,
  Notice,
  Panel,
  Phone,
  PreferencesView,
  QualityView,
  Whereabouts,
  WorkView,
} from "../../core/view.ts";
import type { AudioDevices, MicrophoneState, TabRole } from "../../core/ports.ts";
import type { PhoneError } from "../../core/errors.ts";

const config = readConfig({
  sip: {
    presets: [
      { id: "mumbai", label: "Exotel, Mumbai", domain: "{account}.voip.exotel.com", proxy: "voip.in1.exotel.com:443" },
      { id: "singapore", label: "Exotel, Singapore", domain: "{account}.voip.exotel.com", proxy: "voip.exotel.com:443" },
    ],
  },
  wrapUp: {
    fields: [
      {
        id: "outcome",
        label: "Outcome",
        kind: "choice",
        required: true,
        options: [
          { value: "interested", label: "Interested" },
          { value: "callback", label: "Call back" },
          { value: "not-now", label: "Not now" },
          { value: "wrong-number", label: "Wrong number" },
        ],
      },
    ],
  },
});

/** A phone that does what is asked, by plain signals, so that a screen can be played without a network. */
export class FakePhone implements Phone {
  config: Config;
  /** Every action in order, for instance `["dial", "98450"]`. */
  readonly done: (readonly unknown[])[] = [];
  /** The next action rejects with it. */
  failNext: PhoneError | null = null;
  /** Whether another tab gives the phone away when asked. */
  givesWay = true;

  readonly line = signal<LineView>(lineView("ready"));
  readonly call = signal<CallView | null>(null);
  readonly otherCall = signal<CallView | null>(null);
  readonly callOptions = signal<CallOptions>({ transfer: false, consult: false, completeTransfer: false, swap: false });
  readonly work = signal<WorkView | null>(null);
  readonly aside = signal<readonly AsideView[]>([]);
  readonly unsaved = signal(0);
  readonly history = signal<readonly HistoryEntry[]>([]);
  readonly notices = signal<readonly Notice[]>([]);
  readonly quality = signal<QualityView | null>(null);
  readonly inputLevel = signal(0);
  readonly agent = signal<{ readonly user: string; readonly displayName: string } | null>({ user: "asha1", displayName: "Asha" });
  readonly signingIn = signal(false);
  readonly tabRole = signal<TabRole>("leader");
  readonly whereabouts = signal<Whereabouts>("here");
  readonly canRing = signal(true);
  readonly microphone = signal<MicrophoneState | null>("usable");
  readonly devices = signal<AudioDevices>({ inputs: [], outputs: [] });
  readonly preferences = signal<PreferencesView>({
    inputDevice: null,
    outputDevice: null,
    ringDevice: null,
    ringVolume: 0.8,
    theme: "system",
  });
  archive: Archive | null = null;
  readonly panel = signal<Panel>("keypad");
  readonly context = signal<Phone["context"]["value"]>({ record: null, number: null });

  constructor(changes: Partial<Config> = {}) {
    if (!config.ok) throw new Error(config.problems.join("; "));
    this.config = { ...config.config, ...changes };
  }

  signIn = async (fields: SignIn, stay: boolean) => {
    await this.#do("signIn", fields, stay);
    this.agent.value = { user: fields.sipId, displayName: fields.displayName ?? fields.sipId };
    this.line.value = lineView("ready");
  };
  signInWith = async (proof: SignInProof) => {
    await this.#do("signInWith", proof);
    this.agent.value = { user: "asha1", displayName: "Asha" };
    this.line.value = lineView("ready");
  };
  signOut = async () => {
    await this.#do("signOut");
    this.agent.value = null;
    this.line.value = lineView("signed-out");
  };
  setAvailable = async (available: boolean) => {
    await this.#do("setAvailable", available);
    this.line.value = lineView(available ? "ready" : "off");
  };
  retryNow = () => void this.done.push(["retryNow"]);
  dial = (text: string, about?: object) => this.#do("dial", text, ...(about ? [about] : []));
  answer = async () => {
    await this.#do("answer");
    if (this.otherCall.value?.phase === "ringing") return;
    this.#change({ phase: "active", answeredAt: Date.now() });
    this.work.value = emptyWork(this.call.value?.callId ?? "");
  };
  endAndAnswer = () => this.#do("endAndAnswer");
  swap = () => this.#do("swap");
  transfer = (text: string) => this.#do("transfer", text);
  consult = (text: string) => this.#do("consult", text);
  completeTransfer = () => this.#do("completeTransfer");
  cancelConsult = () => this.#do("cancelConsult");
  reject = async () => {
    await this.#do("reject");
    if (this.otherCall.value?.phase === "ringing") this.otherCall.value = null;
    else this.call.value = null;
  };
  silence = () => {
    this.done.push(["silence"]);
    this.#change({ silenced: true });
  };
  hangUp = async () => {
    await this.#do("hangUp");
    this.#change({ phase: "wrap-up", endedAt: Date.now(), endReason: "hung-up-here" });
  };
  setMuted = async (muted: boolean) => {
    await this.#do("setMuted", muted);
    this.#change({ mute: { wanted: muted, confirmed: muted } });
  };
  setHeld = async (held: boolean) => {
    await this.#do("setHeld", held);
    this.#change({ hold: { wanted: held, confirmed: held } });
  };
  sendDigits = async (digits: string) => {
    await this.#do("sendDigits", digits);
    this.#change({ digits: (this.call.value?.digits ?? "") + digits });
  };
  openRecord = () => this.#do("openRecord");
  write = (change: Partial<Disposition>) => {
    const work = this.work.value;
    if (!work) return;
    const fields = { ...work.disposition.fields, ...change.fields };
    this.work.value = { ...work, disposition: { ...work.disposition, ...change, fields } };
  };
  saveWork = async () => {
    await this.#do("saveWork");
    const work = this.work.value;
    if (!work) return true;
    const missing = this.config.wrapUp.fields
      .filter((field) => field.required && !work.disposition.fields[field.id])
      .map((field) => field.id);
    this.work.value = missing.length > 0 ? { ...work, missing } : null;
    if (missing.length === 0 && this.call.value?.phase === "wrap-up") this.call.value = null;
    return missing.length === 0;
  };
  bringUp = (callId: string) => this.#do("bringUp", callId);
  retryUnsaved = () => void this.done.push(["retryUnsaved"]);
  markSeen = () => {
    this.done.push(["markSeen"]);
    this.history.value = this.history.value.map((entry) => ({ ...entry, unseen: false }));
  };
  dismiss = (code: Notice["code"]) => {
    this.notices.value = this.notices.value.filter((notice) => notice.code !== code);
  };
  takeOver = async (force = false) => {
    await this.#do("takeOver", ...(force ? [force] : []));
    if (this.givesWay) this.whereabouts.value = "here";
    return this.givesWay;
  };
  enableRinging = async () => {
    await this.#do("enableRinging");
    this.canRing.value = true;
    if (this.line.value.state === "ready") this.line.value = lineView("ready");
  };
  checkMicrophone = async () => {
    await this.#do("checkMicrophone");
    this.microphone.value = "usable";
    if (this.line.value.state === "ready") this.line.value = lineView("ready");
  };
  testRinging = () => void this.done.push(["testRinging"]);
  setPreferences = async (change: Partial<PreferencesView>) => {
    await this.#do("setPreferences", change);
    this.preferences.value = { ...this.preferences.value, ...change };
  };
  show = (panel: Panel) => {
    this.panel.value = panel;
  };
  formatNumber = (number: string) => number.replace(/^(\+91)(\d{5})(\d{5})$/, "$1 $2 $3");
  diagnostics = () => "line ready";

  async #do(...action: readonly unknown[]): Promise<void> {
    this.done.push(action);
    const error = this.failNext;
    this.failNext = null;
    if (error) throw error;
  }
  #change(change: Partial<CallView>): void {
    if (this.call.value) this.call.value = { ...this.call.value, ...change };
  }
}

/** A line in this state, with whatever is different. */
export function lineView(state: LineView["state"], change: Partial<LineView> = {}): LineView {
  return { state, reason: null, nextTryAt: null, missing: state === "ready" ? [] : ["registration"], ...change };
}

export function emptyWork(callId: string): WorkView {
  return { callId, disposition: { fields: {}, notes: "", followUp: null }, deadlineAt: null, missing: [], saving: false };
}

/** A customer's call that rings, with whatever is different. */
export function callView(change: Partial<CallView> = {}): CallView {
  return {
    callId: "4f1c2a90-0000-4000-8000-000000000001",
    direction: "incoming",
    phase: "ringing",
    remoteNumber: "+919845000012",
    remoteName: null,
    localNumber: null,
    record: null,
    startedAt: Date.now(),
    answeredAt: null,
    endedAt: null,
    endReason: null,
    sipCode: null,
    mute: { wanted: false, confirmed: false },
    hold: { wanted: false, confirmed: false },
    heldThere: false,
    silenced: false,
    lost: null,
    digits: "",
    transferringTo: null,
    isConsultation: false,
    ...change,
  };
}
