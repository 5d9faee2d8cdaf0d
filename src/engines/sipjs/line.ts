import type { Invitation, UserAgent } from "sip.js";
import type { EngineEvent, SipAccount } from "../../core/engine-port.ts";
import type { Clock, Log, Unsubscribe } from "../../core/ports.ts";
import type { Challenges } from "./challenge.ts";
import { Registration } from "./registration.ts";
import type { RegisterAnswer } from "./registration.ts";
import { resendPending } from "./resend-pending.ts";
import { SocketTransport } from "./socket-transport.ts";

export interface LineParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly challenges: Challenges;
  /** Throws `account-incomplete`. */
  createUserAgent(account: SipAccount, hooks: { onSocketLost(): void; onInvite(invitation: Invitation): void }): UserAgent;
  onInvite(invitation: Invitation): void;
  emit(event: EngineEvent): void;
  /** Whether a call hangs on the user agent that is up. */
  isBusy(): boolean;
  socketLost(): void;
  /** Resolves when what goes before the registration is done; `null` where nothing does. */
  socketOpen(): Promise<unknown> | null;
}

/** `leaving`: un-registering. `left`: kept for a call alone. */
type Phase = "off" | "connecting" | "registered" | "leaving" | "left";

const START_MS = 12_000;
/** What is urgent may also be left unanswered. */
const URGENT_MS = 250;
const LEAVE_MS = 1_500;
/** Final answers to REGISTER that another try does not change (RFC 3261 section 21.4). */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 407]);

interface Station {
  readonly account: SipAccount;
  readonly userAgent: UserAgent;
  readonly registration: Registration;
}

/**
 * Socket and registration: one at a time, tried once for each `register`. The same account keeps its user agent, and
 * with it a call that is up, however often the socket is replaced.
 */
export class Line {
  readonly #parts: LineParts;
  #phase: Phase = "off";
  #station: Station | null = null;
  /** Waits for the end of the call that hangs on another account. */
  #next: SipAccount | null = null;
  /** Of the attempt that counts; what an older one still says is nobody's business. */
  #attempt = 0;
  #stopTimer: Unsubscribe = () => {};

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  /** The user agent that calls can be placed with. */
  ready(): Station | null {
    return this.#phase === "registered" ? this.#station : null;
  }

  /** The user agent that `register` will use, not yet connected. `null`: another account's call stands in its way. */
  prepare(account: SipAccount): UserAgent | null {
    if (this.#station !== null && !sameAccount(this.#station.account, account)) {
      if (this.#parts.isBusy()) return null;
      this.#discard();
    }
    this.#station ??= this.#createStation(account);
    return this.#station.userAgent;
  }

  /** A message that came to an earlier page, as if it came now. */
  receive(message: string): void {
    this.#station?.userAgent.transport.onMessage?.(message);
  }

  /** Lets go of socket and registration without a word: another page has them, under the same contact. */
  abandon(): void {
    this.#next = null;
    this.#discard();
  }

  async register(account: SipAccount): Promise<void> {
    const wasRegistered = this.#phase === "registered";
    this.#next = null;
    this.prepare(account);
    const station = this.#station;
    if (station === null || !sameAccount(station.account, account)) return void (this.#next = account);
    // Asked for although registered: the caller has lost faith in this socket.
    if (wasRegistered) await this.#closeSocket(station);
    void this.#start(station);
  }

  async unregister(): Promise<void> {
    this.#next = null;
    const station = this.#station;
    if (station === null) return;
    const wasRegistered = this.#phase === "registered";
    const attempt = this.#begin("leaving");
    if (wasRegistered) await Promise.race([station.registration.remove(), this.#timeOut(LEAVE_MS)]);
    if (attempt !== this.#attempt) return;
    this.#begin("left");
    this.onFree();
  }

  async probe(timeoutMs: number): Promise<boolean> {
    const station = this.ready();
    if (station === null) return false;
    let stop: Unsubscribe = () => {};
    const late = new Promise<null>((resolve) => void (stop = this.#parts.clock.after(timeoutMs, () => resolve(null))));
    const isAlive = await Promise.race([this.#ask(station), late]);
    stop();
    return isAlive === true && this.#station === station;
  }

  /** In a call somebody asks every second or two: a pong says enough of the way, and costs no registrar anything. */
  async #ask(station: Station): Promise<boolean> {
    const { transport } = station.userAgent;
    const pong = this.#parts.isBusy() && transport instanceof SocketTransport ? transport.askForPong() : null;
    if (pong === null) return (await this.#refresh(station)).isReal;
    await pong;
    return true;
  }

  /** The call that stood in the way of a change is over. */
  onFree(): void {
    if (this.#parts.isBusy()) return;
    const next = this.#next;
    if (next !== null) void this.register(next);
    else if (this.#phase === "left") this.#discard();
  }

  async #start(station: Station): Promise<void> {
    const attempt = this.#begin("connecting");
    const isOld = (): boolean => attempt !== this.#attempt;
    const answer = await Promise.race([this.#connectAndRegister(station, isOld), this.#timeOut(START_MS)]);
    if (isOld()) return;
    this.#stopTimer();
    if (answer === null) return this.#lost(null, true);
    this.#answered(station, answer);
  }

  /** `null`: there is no way to the registrar. */
  async #connectAndRegister({ userAgent, registration }: Station, isOld: () => boolean): Promise<RegisterAnswer | null> {
    try {
      if (userAgent.state === "Stopped") await userAgent.start();
      else await userAgent.transport.connect();
    } catch {
      return null;
    }
    if (isOld()) return null;
    resendPending(userAgent);
    // A customer who sits in silence goes first: the registrar's questions take their time.
    const urgent = this.#parts.socketOpen();
    if (urgent !== null) await this.#atMost(URGENT_MS, urgent);
    return isOld() ? null : registration.refresh();
  }

  async #refresh(station: Station): Promise<RegisterAnswer> {
    const attempt = this.#attempt;
    const answer = await station.registration.refresh();
    if (attempt === this.#attempt && this.#phase === "registered") this.#answered(station, answer);
    return answer;
  }

  #answered(station: Station, { status, isReal, expiresSeconds }: RegisterAnswer): void {
    if (status < 200 || status > 299) {
      // A call may still hang on a socket that works.
      const keepsSocket = isReal && this.#parts.isBusy();
      if (!REFUSALS.has(status)) return this.#lost(isReal ? status : null, !keepsSocket);
      this.#begin("off");
      if (!keepsSocket) void this.#closeSocket(station);
      return this.#parts.emit({ type: "registration-refused", sipCode: status });
    }
    const isNew = this.#phase !== "registered";
    this.#phase = "registered";
    this.#stopTimer();
    this.#stopTimer = this.#parts.clock.after(refreshAfterMs(expiresSeconds), () => void this.#refresh(station));
    if (isNew) this.#parts.emit({ type: "registered" });
  }

  #lost(sipCode: number | null, socketToo: boolean): void {
    this.#begin("off");
    if (socketToo && this.#station !== null) void this.#closeSocket(this.#station);
    this.#parts.emit({ type: "registration-lost", code: "server-unreachable", sipCode });
  }

  #onSocketLost(): void {
    this.#station?.registration.forget();
    this.#parts.socketLost();
    if (this.#phase === "registered") this.#lost(null, false);
    // What is waited for on it will not come any more.
    else if (this.#phase === "connecting" || this.#phase === "leaving") this.#stopTimer();
  }

  async #closeSocket({ userAgent, registration }: Station): Promise<void> {
    const wasConnected = userAgent.isConnected();
    registration.forget();
    const closing = userAgent.transport.disconnect();
    if (wasConnected) this.#parts.socketLost();
    await closing;
  }

  #createStation(account: SipAccount): Station {
    const userAgent = this.#parts.createUserAgent(account, {
      onSocketLost: () => this.#onSocketLost(),
      onInvite: (invitation) => {
        if (this.#phase === "leaving" || this.#phase === "left") invitation.reject({ statusCode: 480 }).catch(() => undefined);
        else this.#parts.onInvite(invitation);
      },
    });
    return { account, userAgent, registration: new Registration(userAgent, this.#parts.challenges) };
  }

  #discard(): void {
    this.#begin("off");
    const station = this.#station;
    this.#station = null;
    if (station === null) return;
    station.registration.forget();
    void station.userAgent.stop();
  }

  #begin(phase: Phase): number {
    this.#stopTimer();
    this.#phase = phase;
    this.#attempt += 1;
    return this.#attempt;
  }

  async #atMost(ms: number, work: Promise<unknown>): Promise<void> {
    let stop: Unsubscribe = () => {};
    const late = new Promise<void>((resolve) => void (stop = this.#parts.clock.after(ms, resolve)));
    await Promise.race([work, late]);
    stop();
  }

  /** Ends early where another attempt begins: nobody waits for ever. */
  #timeOut(ms: number): Promise<null> {
    return new Promise((resolve) => {
      const stop = this.#parts.clock.after(ms, () => resolve(null));
      this.#stopTimer = () => {
        stop();
        resolve(null);
      };
    });
  }
}

/** Early enough for two more tries (RFC 3261 section 10.2.4 leaves it to the client). */
function refreshAfterMs(expiresSeconds: number): number {
  return Math.max(5, expiresSeconds - Math.max(10, expiresSeconds * 0.15)) * 1_000;
}

function sameAccount(a: SipAccount, b: SipAccount): boolean {
  return a.user === b.user && a.password === b.password && a.domain === b.domain && a.proxy === b.proxy && a.displayName === b.displayName;
}
