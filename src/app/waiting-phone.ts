import { computed, signal } from "@preact/signals-core";
import type { ReadonlySignal } from "@preact/signals-core";
import type { Phone } from "../core/view.ts";
import type { Config } from "../protocol/config.ts";

/** A phone whose rules are still on their way. */
export interface WaitingPhone {
  readonly phone: Phone;
  /** From now on `phone` shows and does what this one does. */
  arrive(real: Phone): void;
}

/**
 * The sign-in screen is there before the rules of calls are. What an agent does on it meanwhile is done once they have
 * arrived; nothing is lost.
 */
export function createWaitingPhone(config: Config): WaitingPhone {
  const real = signal<Phone | null>(null);
  let resolve: (phone: Phone) => void;
  const arrived = new Promise<Phone>((done) => (resolve = done));
  const follow = <T>(pick: (phone: Phone) => ReadonlySignal<T>, before: T): ReadonlySignal<T> =>
    computed(() => (real.value === null ? before : pick(real.value).value));
  const later =
    <A extends unknown[], R>(pick: (phone: Phone) => (...args: A) => R | Promise<R>) =>
    async (...args: A): Promise<R> =>
      pick(await arrived)(...args);
  const soon =
    <A extends unknown[]>(pick: (phone: Phone) => (...args: A) => void) =>
    (...args: A): void =>
      void arrived.then((phone) => pick(phone)(...args));

  const phone: Phone = {
    config,
    ...signalsBefore(follow),
    signIn: later((p) => p.signIn),
    signInWith: later((p) => p.signInWith),
    signOut: later((p) => p.signOut),
    setAvailable: later((p) => p.setAvailable),
    retryNow: soon((p) => p.retryNow),
    dial: later((p) => p.dial),
    answer: later((p) => p.answer),
    endAndAnswer: later((p) => p.endAndAnswer),
    swap: later((p) => p.swap),
    transfer: later((p) => p.transfer),
    consult: later((p) => p.consult),
    completeTransfer: later((p) => p.completeTransfer),
    cancelConsult: later((p) => p.cancelConsult),
    reject: later((p) => p.reject),
    silence: soon((p) => p.silence),
    hangUp: later((p) => p.hangUp),
    setMuted: later((p) => p.setMuted),
    setHeld: later((p) => p.setHeld),
    sendDigits: later((p) => p.sendDigits),
    openRecord: later((p) => p.openRecord),
    write: soon((p) => p.write),
    saveWork: later((p) => p.saveWork),
    bringUp: later((p) => p.bringUp),
    retryUnsaved: soon((p) => p.retryUnsaved),
    markSeen: soon((p) => p.markSeen),
    dismiss: soon((p) => p.dismiss),
    takeOver: later((p) => p.takeOver),
    enableRinging: later((p) => p.enableRinging),
    checkMicrophone: later((p) => p.checkMicrophone),
    testRinging: soon((p) => p.testRinging),
    setPreferences: later((p) => p.setPreferences),
    show: soon((p) => p.show),
    formatNumber: (number) => real.peek()?.formatNumber(number) ?? number,
    diagnostics: () => real.peek()?.diagnostics() ?? "",
  };
  return {
    phone,
    arrive(next) {
      real.value = next;
      resolve(next);
    },
  };
}

type Signals = { [K in keyof Phone as Phone[K] extends ReadonlySignal<unknown> ? K : never]: Phone[K] } & Pick<Phone, "archive">;
type Follow = <T>(pick: (phone: Phone) => ReadonlySignal<T>, before: T) => ReadonlySignal<T>;

/** Signed out, and nothing has happened. */
function signalsBefore(follow: Follow): Signals {
  return {
    line: follow((p) => p.line, { state: "signed-out", reason: null, nextTryAt: null, missing: ["registration"] }),
    call: follow((p) => p.call, null),
    otherCall: follow((p) => p.otherCall, null),
    callOptions: follow((p) => p.callOptions, { transfer: false, consult: false, completeTransfer: false, swap: false }),
    work: follow((p) => p.work, null),
    aside: follow((p) => p.aside, []),
    unsaved: follow((p) => p.unsaved, 0),
    history: follow((p) => p.history, []),
    notices: follow((p) => p.notices, []),
    quality: follow((p) => p.quality, null),
    inputLevel: follow((p) => p.inputLevel, 0),
    agent: follow((p) => p.agent, null),
    signingIn: follow((p) => p.signingIn, false),
    tabRole: follow((p) => p.tabRole, "waiting"),
    whereabouts: follow((p) => p.whereabouts, "here"),
    canRing: follow((p) => p.canRing, true),
    microphone: follow((p) => p.microphone, null),
    devices: follow((p) => p.devices, { inputs: [], outputs: [] }),
    preferences: follow((p) => p.preferences, {
      inputDevice: null,
      outputDevice: null,
      ringDevice: null,
      ringVolume: 1,
      theme: "system",
    }),
    // The sign-in screen looks nothing up.
    archive: null,
    panel: follow((p) => p.panel, "keypad"),
    context: follow((p) => p.context, { record: null, number: null }),
  };
}
