import { PhoneError } from "../../core/errors.ts";
import type { EngineEvent, SipAccount } from "../../core/engine-port.ts";
import type { Clock, Log, Unsubscribe } from "../../core/ports.ts";
import { createDeferred } from "../../lib/deferred.ts";
import type { Deferred } from "../../lib/deferred.ts";
import type { SipTrace } from "./sip-trace.ts";

/** Socket and registration, as far as the SDK lets one hold them. */
export interface SdkLine {
  /** Loads the account, opens a socket and registers. */
  start(account: SipAccount): void;
  /** The same account again, on a new socket. */
  restart(): void;
  /** Lets go of the socket without a word. */
  close(): void;
  /** Un-registers and then closes the socket. False where there is nothing to un-register. */
  leave(): boolean;
  /** Sends a REGISTER. */
  register(): void;
}

export interface LineParts {
  readonly sdk: SdkLine;
  readonly clock: Clock;
  readonly log: Log;
  emit(event: EngineEvent): void;
  /** Whether a call is up that another account or a sign-out would cut. */
  isBusy(): boolean;
  /** The socket under everything is gone. */
  socketLost(): void;
}

/**
 * - `starting`: the SDK was told the account; its user agent is not there yet, and nothing can stop it.
 * - `connecting`: the socket is being opened; the SDK cannot close it in this state either.
 * - `leaving`: un-registering, then closed.
 */
type Phase = "off" | "starting" | "connecting" | "open" | "registered" | "leaving";

/** The SDK says nothing at all where it cannot read an address. */
const START_MS = 12_000;
const LEAVE_MS = 1_500;
/** Final answers to REGISTER that another try does not change (RFC 3261 section 21.4). */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 407]);

/** The registration: one at a time, tried once for each `register`, and never two user agents. */
export class Line {
  readonly #parts: LineParts;
  #phase: Phase = "off";
  #wanted: SipAccount | null = null;
  #loaded: SipAccount | null = null;
  /** The caller has lost faith in the registration that stands. */
  #again = false;
  #lastStatus: number | null = null;
  #registersOut = 0;
  #stopTimer: Unsubscribe = () => {};
  #planned = false;
  #left: Deferred<void>[] = [];
  #probes: Deferred<boolean>[] = [];

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  async register(account: SipAccount): Promise<void> {
    if (!isComplete(account)) throw new PhoneError("account-incomplete");
    this.#wanted = account;
    this.#again = this.#phase === "registered" || this.#phase === "open";
    this.#reconcile();
  }

  async unregister(): Promise<void> {
    this.#wanted = null;
    if (this.#phase === "off") return;
    const left = createDeferred<void>();
    this.#left.push(left);
    this.#reconcile();
    await left.promise;
  }

  async probe(timeoutMs: number): Promise<boolean> {
    if (this.#phase !== "registered") return false;
    const probe = createDeferred<boolean>();
    this.#probes.push(probe);
    const stop = this.#parts.clock.after(timeoutMs, () => probe.resolve(false));
    // A second REGISTER beside an open one is an unhandled rejection in the SDK; the open one's answer will do.
    if (this.#registersOut === 0) this.#parts.sdk.register();
    const answered = await probe.promise;
    stop();
    return answered;
  }

  /** An event of the SDK about socket and registration. */
  onConnection(event: string): void {
    const phase = this.#phase;
    if (phase === "off") return;
    if (event === "starting" && phase === "starting") return this.#to("connecting");
    if (event === "started") return this.#opened();
    // Said also whenever a REGISTER goes out or is answered while registered: no proof of anything then.
    if (event === "connected" && phase === "open") return this.#registered();
    if (event === "terminated" && phase !== "leaving") return this.#refusedOrLost();
    if (event === "failed_to_start") return phase === "leaving" ? this.#closed() : this.#lost(null);
  }

  onTrace({ direction, method, status, cseqMethod }: SipTrace): void {
    if (cseqMethod !== "REGISTER") return;
    if (direction === "out" && method === "REGISTER") this.#registersOut += 1;
    if (direction !== "in" || status === null || status < 200) return;
    this.#registersOut = Math.max(0, this.#registersOut - 1);
    this.#lastStatus = status;
    this.#settleProbes(true);
  }

  /** The call that stood in the way of a change is over. */
  onFree(): void {
    this.#plan();
  }

  #to(phase: Phase): void {
    this.#phase = phase;
    if (phase !== "off" && phase !== "registered") return;
    this.#stopTimer();
    if (phase === "off") this.#registersOut = 0;
  }

  #opened(): void {
    if (this.#phase === "starting" || this.#phase === "connecting") this.#to("open");
    if (!sameAccount(this.#wanted, this.#loaded)) this.#plan();
  }

  #registered(): void {
    this.#to("registered");
    this.#parts.emit({ type: "registered" });
  }

  #refusedOrLost(): void {
    const status = this.#lastStatus;
    if (status === null || !REFUSALS.has(status)) return this.#lost(status !== null && status >= 300 ? status : null);
    this.#fail({ type: "registration-refused", sipCode: status });
  }

  #lost(sipCode: number | null): void {
    this.#fail({ type: "registration-lost", code: "server-unreachable", sipCode });
  }

  #fail(event: EngineEvent): void {
    const wasWanted = sameAccount(this.#wanted, this.#loaded);
    if (wasWanted) this.#wanted = null;
    this.#to("off");
    this.#settleProbes(false);
    this.#parts.socketLost();
    this.#plan();
    if (wasWanted) this.#parts.emit(event);
  }

  /** In the SDK's own events it must not be told to close or open anything: it is in the middle of a change. */
  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#reconcile();
    });
  }

  /** Brings what is and what is wanted together, as far as the SDK can be stopped now. */
  #reconcile(): void {
    const phase = this.#phase;
    if (phase === "starting" || phase === "connecting" || phase === "leaving") return;
    const wanted = this.#wanted;
    if (wanted === null) return this.#leave();
    const same = sameAccount(wanted, this.#loaded);
    if (phase !== "off" && same && !this.#again) return;
    if (!same && this.#parts.isBusy()) return;
    this.#begin(wanted, same);
  }

  #begin(account: SipAccount, same: boolean): void {
    const { sdk, clock } = this.#parts;
    if (this.#phase !== "off") this.#parts.socketLost();
    sdk.close();
    this.#again = false;
    this.#lastStatus = null;
    this.#registersOut = 0;
    this.#loaded = account;
    this.#settleLeft();
    this.#to("starting");
    this.#stopTimer();
    this.#stopTimer = clock.after(START_MS, () => this.#lost(null));
    if (same) sdk.restart();
    else sdk.start(account);
  }

  #leave(): void {
    if (this.#phase === "off") {
      this.#parts.sdk.close();
      return this.#settleLeft();
    }
    if (this.#parts.isBusy()) return;
    this.#to("leaving");
    this.#settleProbes(false);
    if (!this.#parts.sdk.leave()) return this.#closed();
    this.#stopTimer();
    this.#stopTimer = this.#parts.clock.after(LEAVE_MS, () => this.#closed());
  }

  #closed(): void {
    this.#to("off");
    this.#plan();
  }

  #settleLeft(): void {
    for (const left of this.#left.splice(0)) left.resolve();
  }

  #settleProbes(answered: boolean): void {
    for (const probe of this.#probes.splice(0)) probe.resolve(answered);
  }
}

function isComplete({ user, password, domain, proxy }: SipAccount): boolean {
  return user !== "" && password !== "" && domain !== "" && /^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(proxy);
}

function sameAccount(a: SipAccount | null, b: SipAccount | null): boolean {
  if (a === null || b === null) return a === b;
  return a.user === b.user && a.password === b.password && a.domain === b.domain && a.proxy === b.proxy && a.displayName === b.displayName;
}
