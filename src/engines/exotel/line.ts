import { PhoneError } from "../../core/errors.ts";
import type { Clock, EngineEvent, Log, SipAccount } from "../../core/ports.ts";
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

/** The registration: one at a time, and never two user agents. */
export interface Line {
  register(account: SipAccount): Promise<void>;
  unregister(): Promise<void>;
  probe(timeoutMs: number): Promise<boolean>;
  isRegistered(): boolean;
  /** An event of the SDK about socket and registration. */
  onConnection(event: string): void;
  onTrace(trace: SipTrace): void;
  /** The call that stood in the way of a change is over. */
  onFree(): void;
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

/** The SDK says nothing at all where an address cannot be read. */
const START_MS = 12_000;
const LEAVE_MS = 1_500;
/** Final answers to REGISTER that another try does not change (RFC 3261 sections 21.4.2 to 21.4.8). */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 407]);

export function createLine({ sdk, clock, log, emit, isBusy, socketLost }: LineParts): Line {
  let phase: Phase = "off";
  let wanted: SipAccount | null = null;
  let loaded: SipAccount | null = null;
  let lastStatus: number | null = null;
  let registersOut = 0;
  let stopWatch = () => {};
  const left: Deferred<void>[] = [];
  const answers: Deferred<boolean>[] = [];

  const to = (next: Phase): void => {
    phase = next;
    if (next === "off" || next === "registered") stopWatch();
    if (next === "off") registersOut = 0;
  };
  const failed = (event: EngineEvent): void => {
    const unwanted = wanted === null || !sameAccount(wanted, loaded);
    to("off");
    settleProbes(false);
    sdk.close();
    socketLost();
    if (unwanted) return reconcile();
    wanted = null;
    emit(event);
  };
  const lost = (sipCode: number | null): void => failed({ type: "registration-lost", code: "server-unreachable", sipCode });
  const begin = (account: SipAccount): void => {
    const again = loaded !== null && sameAccount(account, loaded);
    sdk.close();
    socketLost();
    lastStatus = null;
    registersOut = 0;
    loaded = account;
    to("starting");
    stopWatch = clock.after(START_MS, () => lost(null));
    if (again) sdk.restart();
    else sdk.start(account);
  };
  const settleProbes = (answered: boolean): void => {
    for (const answer of answers.splice(0)) answer.resolve(answered);
  };
  /** Brings what is and what is wanted together, as far as the SDK can be stopped now. */
  const reconcile = (): void => {
    if (phase === "starting" || phase === "connecting" || phase === "leaving") return;
    if (wanted === null) return leave();
    if (phase !== "off" && sameAccount(wanted, loaded)) return;
    if (!sameAccount(wanted, loaded) && isBusy()) return;
    begin(wanted);
  };
  const leave = (): void => {
    if (phase === "off" || isBusy()) return settleLeft();
    to("leaving");
    settleProbes(false);
    if (!sdk.leave()) return closed();
    stopWatch = clock.after(LEAVE_MS, closed);
  };
  const closed = (): void => {
    to("off");
    sdk.close();
    settleLeft();
    reconcile();
  };
  const settleLeft = (): void => {
    for (const deferred of left.splice(0)) deferred.resolve();
  };

  return {
    async register(account) {
      if (!isComplete(account)) throw new PhoneError("account-incomplete");
      wanted = account;
      // Asked again while ready: the caller has lost faith in this registration.
      if (phase === "registered" || phase === "open") {
        if (sameAccount(account, loaded)) return begin(account);
      }
      reconcile();
    },
    async unregister() {
      wanted = null;
      if (phase === "off") return;
      const deferred = createDeferred<void>();
      left.push(deferred);
      reconcile();
      await deferred.promise;
    },
    async probe(timeoutMs) {
      if (phase !== "registered") return false;
      const answer = createDeferred<boolean>();
      answers.push(answer);
      const stop = clock.after(timeoutMs, () => answer.resolve(false));
      // A second REGISTER beside an open one is an unhandled rejection in the SDK; the open one's answer will do.
      if (registersOut <= 0) sdk.register();
      const answered = await answer.promise;
      stop();
      return answered;
    },
    isRegistered: () => phase === "registered",
    onConnection(event) {
      log.write("debug", "sdk line", { event, phase });
      if (phase === "off") return;
      switch (event) {
        case "starting":
          if (phase === "starting") to("connecting");
          return;
        case "started":
          if (phase === "starting" || phase === "connecting") to("open");
          return reconcile();
        case "connected":
          if (phase !== "open") return;
          to("registered");
          return emit({ type: "registered" });
        case "terminated":
          if (phase === "leaving") return;
          return lastStatus !== null && REFUSALS.has(lastStatus)
            ? failed({ type: "registration-refused", sipCode: lastStatus })
            : lost(lastStatus !== null && lastStatus >= 300 ? lastStatus : null);
        case "failed_to_start":
          return phase === "leaving" ? closed() : lost(null);
        default:
      }
    },
    onTrace({ direction, method, status, cseqMethod }) {
      if (cseqMethod !== "REGISTER") return;
      if (direction === "out" && method === "REGISTER") registersOut += 1;
      if (direction !== "in" || status === null || status < 200) return;
      registersOut -= 1;
      lastStatus = status;
      settleProbes(true);
    },
    onFree: reconcile,
  };
}

function isComplete({ user, password, domain, proxy }: SipAccount): boolean {
  return user !== "" && password !== "" && domain !== "" && /^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(proxy);
}

function sameAccount(a: SipAccount, b: SipAccount | null): boolean {
  return (
    b !== null && a.user === b.user && a.password === b.password && a.domain === b.domain && a.proxy === b.proxy && a.displayName === b.displayName
  );
}
