import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import type { SignIn } from "../protocol/host.ts";
import { type Deferred, createDeferred } from "../lib/deferred.ts";
import { addressOf, tidyAccount } from "./account.ts";
import type { Desk } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import type { LineKeeper } from "./line-keeper.ts";
import type { LineState } from "./line/state.ts";
import type { SipAccount } from "./engine-port.ts";
import type { Vault } from "./ports.ts";

/** Who is signed in, and whether that outlives the page. */
export interface Agent {
  readonly view: ReadonlySignal<{ readonly user: string; readonly displayName: string } | null>;
  readonly signingIn: ReadonlySignal<boolean>;
  account(): SipAccount | null;
  /** The account that is kept on this device. */
  kept(): Promise<SipAccount | null>;
  /** Signs in with it, unless somebody else did meanwhile. */
  restore(kept: Promise<SipAccount | null>): Promise<void>;
  /** `stay: null`: what is kept on this device stays as it is, unless it is another agent's. */
  signIn(fields: SignIn, stay: boolean | null): Promise<void>;
  signOut(): Promise<void>;
  /** Another tab signed out, or somebody else in. What is kept on this device is that tab's affair. */
  forget(): void;
  /** Who works in the leading tab: so that this one can lead later. */
  remember(account: SipAccount): void;
  lineChanged(after: LineState): void;
}

export interface AgentHooks {
  readonly line: () => LineKeeper;
  readonly inCall: () => boolean;
  /** The registrar accepts this agent (`user@domain`), or this device kept them: the work here is theirs. May be told again. */
  readonly came: (agent: string) => void;
  readonly left: () => void;
}

export function createAgent(desk: Desk, { line, inCall, came, left }: AgentHooks): Agent {
  const account = signal<SipAccount | null>(null);
  const refused = signal(false);
  const { settle, ...waiting } = createWaiting();
  const acceptance = createAcceptance(desk);
  const take = (next: SipAccount, stay: boolean | null): void => {
    account.value = next;
    refused.value = false;
    acceptance.awaitFor(next, stay);
    if (line().state().facts.account) line().send({ type: "account-changed" });
    line().send({ type: "facts", change: { account: true, available: true } });
  };
  const forget = (): void => {
    settle(interrupted);
    account.value = null;
    refused.value = false;
    acceptance.forget();
    line().send({ type: "facts", change: { account: false } });
    left();
  };
  return {
    view: computed(() => (refused.value ? null : nameOf(account.value))),
    signingIn: waiting.isOpen,
    account: () => account.peek(),
    kept: () => keptBy(desk),
    restore: async (kept) => {
      const found = await kept;
      const now = account.peek() ?? found;
      if (now === null) return line().send({ type: "facts", change: { account: false } });
      if (account.peek() === null) take(now, null);
      // A tab that has the lead back has the agent whom it had before.
      else if (addressOf(now) !== desk.owner.peek()) return;
      came(addressOf(now));
    },
    signIn: async (fields, stay) => {
      const next = tidyAccount(fields, desk.config);
      const isSame = sameAccount(account.peek(), next);
      if (isSame && waiting.isOpen.peek()) return waiting.promise();
      if (isSame && isSignedIn(line(), inCall())) return;
      needNoCall(inCall);
      const answer = waiting.open();
      take(next, stay);
      // A line that did not move (another tab leads, no network) will not report by itself.
      return (conclude(line().state(), settle), answer);
    },
    signOut: async () => {
      needNoCall(inCall);
      forget();
      desk.tell({ type: "signed-out" });
      await desk.ports.vault.clear();
    },
    forget,
    remember: (next) => void (sameAccount(account.peek(), next) || take(next, null)),
    lineChanged: (after) => {
      refused.value = after.phase.name === "refused";
      const now = account.peek();
      if (after.phase.name === "ready" && now !== null) came(addressOf(now));
      if (after.phase.name === "ready") acceptance.happened();
      conclude(after, settle);
    },
  };
}

/** What is to be done, once, when the registrar has accepted the account. */
function createAcceptance(desk: Desk) {
  let awaited: (() => void) | null = null;
  return {
    awaitFor: (account: SipAccount, stay: boolean | null) => void (awaited = () => registered(desk, account, stay)),
    forget: () => void (awaited = null),
    happened: () => {
      awaited?.();
      awaited = null;
    },
  };
}

/** Every CRM page that loads signs in again: nothing is to be done, least of all in a call. */
function isSignedIn(line: LineKeeper, inCall: boolean): boolean {
  return inCall || line.state().phase.name === "ready";
}

async function keptBy({ config, ports: { vault } }: Desk): Promise<SipAccount | null> {
  return config.staySignedIn ? vault.load().catch(() => null) : null;
}

function needNoCall(inCall: () => boolean): void {
  if (inCall()) throw new PhoneError("call-in-progress");
}

function nameOf(account: SipAccount | null) {
  return account === null ? null : { user: account.user, displayName: account.displayName };
}

/** One sign-in at a time waits for the registrar's answer. */
function createWaiting() {
  const waiting = signal<Deferred<void> | null>(null);
  const settle = (finish: (pending: Deferred<void>) => void): void => {
    const pending = waiting.peek();
    waiting.value = null;
    if (pending !== null) finish(pending);
  };
  return {
    isOpen: computed(() => waiting.value !== null),
    promise: () => waiting.peek()?.promise,
    settle,
    open: (): Promise<void> => {
      settle(interrupted);
      const pending = createDeferred<void>();
      waiting.value = pending;
      return pending.promise;
    },
  };
}

function interrupted(pending: Deferred<void>): void {
  pending.reject(new PhoneError("not-possible-now"));
}

function registered({ ports: { vault, log }, config, tell }: Desk, account: SipAccount, stay: boolean | null): void {
  const keep = (work: Promise<void>) => void work.catch(() => log.write("warn", "agent: the account could not be kept or forgotten"));
  if (stay === true && config.staySignedIn) keep(vault.save(account));
  if (stay === false) keep(vault.clear());
  if (stay === null) keep(forgetOther(vault, account));
  tell({ type: "signed-in", agent: account.user });
}

/** The next page must not begin with the calls of an agent whom the host has replaced by another. */
async function forgetOther(vault: Vault, account: SipAccount): Promise<void> {
  const kept = await vault.load();
  if (kept !== null && addressOf(kept) !== addressOf(account)) await vault.clear();
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
