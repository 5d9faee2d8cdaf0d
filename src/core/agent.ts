import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import type { SignIn } from "../protocol/host.ts";
import { type Deferred, createDeferred } from "../lib/deferred.ts";
import { tidyAccount } from "./account.ts";
import type { Desk } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import type { LineKeeper } from "./line-keeper.ts";
import type { LineState } from "./line/state.ts";
import type { SipAccount } from "./ports.ts";

/** Who is signed in, and whether that outlives the page. */
export interface Agent {
  readonly view: ReadonlySignal<{ readonly user: string; readonly displayName: string } | null>;
  readonly signingIn: ReadonlySignal<boolean>;
  account(): SipAccount | null;
  /** The account that is kept on this device. */
  kept(): Promise<SipAccount | null>;
  /** Signs in with it, unless somebody else did meanwhile. */
  restore(kept: Promise<SipAccount | null>): Promise<void>;
  /** `stay: null`: what is kept on this device stays as it is. */
  signIn(fields: SignIn, stay: boolean | null): Promise<void>;
  signOut(): Promise<void>;
  lineChanged(after: LineState): void;
}

export function createAgent(desk: Desk, line: () => LineKeeper, inCall: () => boolean): Agent {
  const { vault } = desk.ports;
  const account = signal<SipAccount | null>(null);
  const refused = signal(false);
  const waiting = signal<Deferred<void> | null>(null);
  /** What is to be done once the registrar has accepted the account. */
  let accepted: (() => void) | null = null;

  const settle = (finish: (pending: Deferred<void>) => void): void => {
    const pending = waiting.peek();
    waiting.value = null;
    if (pending !== null) finish(pending);
  };
  const take = (next: SipAccount, stay: boolean | null): void => {
    account.value = next;
    refused.value = false;
    accepted = () => registered(desk, next, stay);
    if (line().state().facts.account === true) line().send({ type: "account-changed" });
    line().send({ type: "facts", change: { account: true, available: true } });
  };
  return {
    view: computed(() => (refused.value ? null : nameOf(account.value))),
    signingIn: computed(() => waiting.value !== null),
    account: () => account.peek(),
    kept: async () => (desk.config.staySignedIn ? vault.load().catch(() => null) : null),
    restore: async (kept) => {
      const found = await kept;
      if (account.peek() !== null) return;
      if (found === null) line().send({ type: "facts", change: { account: false } });
      else take(found, null);
    },
    signIn: async (fields, stay) => {
      const next = tidyAccount(fields, desk.config);
      // A CRM page that reloads signs in again: nothing is to be done, least of all in a call.
      if (line().state().phase.name === "ready" && sameAccount(account.peek(), next)) return;
      if (inCall()) throw new PhoneError("call-in-progress");
      settle(interrupted);
      const pending = createDeferred<void>();
      waiting.value = pending;
      take(next, stay);
      // A line that did not move (another tab leads, no network) will not report by itself.
      conclude(line().state(), settle);
      return pending.promise;
    },
    signOut: async () => {
      if (inCall()) throw new PhoneError("call-in-progress");
      settle(interrupted);
      account.value = null;
      refused.value = false;
      accepted = null;
      line().send({ type: "facts", change: { account: false } });
      desk.tell({ type: "signed-out" });
      await vault.clear();
    },
    lineChanged: (after) => {
      refused.value = after.phase.name === "refused";
      if (after.phase.name === "ready") {
        accepted?.();
        accepted = null;
      }
      conclude(after, settle);
    },
  };
}

function nameOf(account: SipAccount | null) {
  return account === null ? null : { user: account.user, displayName: account.displayName };
}

function interrupted(pending: Deferred<void>): void {
  pending.reject(new PhoneError("not-possible-now"));
}

function registered({ ports: { vault, log }, config, tell }: Desk, account: SipAccount, stay: boolean | null): void {
  const keep = (work: Promise<void>) => void work.catch(() => log.write("warn", "agent: the account could not be kept or forgotten"));
  if (stay === true && config.staySignedIn) keep(vault.save(account));
  if (stay === false) keep(vault.clear());
  tell({ type: "signed-in", agent: account.user });
}

function sameAccount(a: SipAccount | null, b: SipAccount): boolean {
  return a !== null && a.user === b.user && a.password === b.password && a.domain === b.domain && a.proxy === b.proxy;
}

function conclude({ phase }: LineState, settle: (finish: (pending: Deferred<void>) => void) => void): void {
  switch (phase.name) {
    case "ready":
      return settle((pending) => pending.resolve());
    case "refused":
      return settle((pending) => pending.reject(new PhoneError("credentials-refused")));
    case "retrying":
      return settle((pending) => pending.reject(new PhoneError(phase.reason)));
    case "offline":
      return settle((pending) => pending.reject(new PhoneError("server-unreachable")));
    case "taken-elsewhere":
      return settle((pending) => pending.reject(new PhoneError("phone-is-elsewhere")));
    default:
  }
}
