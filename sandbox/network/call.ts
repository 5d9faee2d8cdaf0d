import { randomUUID } from "node:crypto";
import { AgentLeg } from "./agent-leg.ts";
import type { CallLeg } from "./call-leg.ts";
import { ignore } from "./ignore.ts";
import type { Media } from "./media/media.ts";
import type { MediaEvent } from "./media/messages.ts";
import type { CallStatus, Customer, HeardByCustomer, NetworkCall } from "./network.ts";
import { answers, displayNameOf, statusOfRefusal } from "./outcome.ts";
import { PlacedLeg, type PlacedLegSetup } from "./placed-leg.ts";
import type { ReferTarget, Replaces } from "./referral.ts";
import type { Registrar } from "./registrar.ts";
import type { SipStack } from "./sip-stack.ts";
import { Timers } from "./timers.ts";

const HOLD_AFTER_MS = 2000;
const PRESS_AFTER_MS = 1000;

export interface CallSetup {
  readonly sid: string;
  readonly direction: NetworkCall["direction"];
  readonly agent: string;
  readonly customer: Customer;
  /** Each side may ring this long. */
  readonly timeOutMs: number;
  /** Longest conversation, `null` without a limit. */
  readonly timeLimitMs: number | null;
  readonly lostSocketMs: number;
  readonly recording: string;
  readonly stack: SipStack;
  readonly media: Media;
  readonly registrar: Registrar;
  /** The INVITE by which the agent's phone placed this call; `null` where the network rings the agent. */
  readonly placed: Pick<PlacedLegSetup, "connection" | "request"> | null;
  /** Who is at a number that the agent sends the customer on to. */
  readonly customerOf: (number: string) => Customer;
  /** The call of the same agent whose dialog a Replaces header names. */
  readonly replacedBy: (replaces: Replaces) => Call | null;
  readonly onChange: (call: NetworkCall) => void;
}

type Tell = (status: number, reason: string) => void;
type EndedBy = "agent" | "customer" | "network";

/** One call between an agent and a simulated customer. */
export class Call {
  readonly leg: CallLeg;
  readonly #setup: CallSetup;
  readonly #timers = new Timers();
  readonly #legSid: string = randomUUID();
  readonly #createdAt = Date.now();
  /** What comes after the audio is there. */
  readonly #begin: (sdp: string) => void;
  #status: CallStatus = "queued";
  #ringingAt: number | null = null;
  #answeredAt: number | null = null;
  #endedAt: number | null = null;
  #endedBy: EndedBy | null = null;
  #agentStatus: number | null = null;
  #agentIsUp = false;
  #digits = "";
  #heldByAgent = false;
  #heldByCustomer = false;
  #heard: HeardByCustomer = { packets: 0, energy: 0, lastPacketAt: null };
  #transferredTo: string | null = null;
  #recording: string | null = null;
  #ending: Promise<void> | null = null;

  constructor(setup: CallSetup) {
    this.#setup = setup;
    const { customer, agent, registrar } = setup;
    const events = this.#legEvents();
    const common = { stack: setup.stack, media: setup.media, peer: setup.sid, lostSocketMs: setup.lostSocketMs, events };
    if (setup.placed !== null) {
      const leg = new PlacedLeg({ ...common, ...setup.placed });
      this.#begin = () => this.#ringForAgent(leg);
      this.leg = leg;
      return;
    }
    const leg = new AgentLeg({
      ...common,
      parts: {
        callId: randomUUID(),
        fromTag: randomUUID().slice(0, 8),
        from: { user: customer.number, displayName: displayNameOf(customer) },
        to: agent,
        domain: registrar.domainOf(agent),
        headers: [`X-Exotel-Callsid: ${setup.sid}`, `LegSid: ${this.#legSid}`],
      },
    });
    this.#begin = (sdp) => this.#ringAgent(leg, sdp);
    this.leg = leg;
  }

  get isOver(): boolean {
    return this.#ending !== null;
  }

  snapshot(): NetworkCall {
    const { sid, direction, agent, customer } = this.#setup;
    return {
      sid,
      direction,
      agent,
      customer,
      status: this.#status,
      createdAt: this.#createdAt,
      ringingAt: this.#ringingAt,
      answeredAt: this.#answeredAt,
      endedAt: this.#endedAt,
      endedBy: this.#endedBy,
      agentStatus: this.#agentStatus,
      agentSipCallId: this.leg.callId,
      legSid: this.#legSid,
      digits: this.#digits,
      heldByAgent: this.#heldByAgent,
      heldByCustomer: this.#heldByCustomer,
      heard: this.#heard,
      transferredTo: this.#transferredTo,
      recording: this.#recording,
    };
  }

  async start(): Promise<void> {
    const { media, sid, customer } = this.#setup;
    const voice = [...customer.number].reduce((sum, digit) => sum + (Number(digit) || 0), 0);
    try {
      const { sdp = "" } = await media.request({ type: "open", peer: sid, voice });
      if (!this.isOver) this.#begin(sdp);
    } catch {
      this.end("failed", "network");
    }
  }

  hangUpAsCustomer(): void {
    if (this.#answeredAt !== null) return this.end("completed", "customer");
    if (this.#agentIsUp) return this.end("busy", "customer");
    this.#agentStatus = 487;
    this.end("canceled", "customer");
  }

  setHeldByCustomer(held: boolean): void {
    void this.leg.dialog?.setHeldByCustomer(held).catch(ignore);
  }

  pressDigits(digits: string): void {
    void this.leg.dialog?.press(digits).catch(ignore);
  }

  setMediaStopped(stopped: boolean): void {
    void this.#setup.media.request({ type: "stopped", peer: this.#setup.sid, stopped }).catch(ignore);
  }

  mediaEvent(event: MediaEvent): void {
    if (event.type === "digit") this.#pressed(event.digit);
    else this.#heard = { packets: event.packets, energy: event.energy, lastPacketAt: event.lastPacketAt };
  }

  /** Once: hangs up what is up and tells the outcome when the recording is complete. */
  end(status: CallStatus, by: EndedBy): void {
    this.#ending ??= this.#finish(status, by);
  }

  /** The network itself ends it, or goes away. */
  drop(): void {
    this.end(this.#answeredAt === null ? "failed" : "completed", "network");
  }

  /** Resolves when the call is over, for a network that closes. */
  async ended(): Promise<void> {
    await this.#ending;
  }

  async #finish(status: CallStatus, by: EndedBy): Promise<void> {
    const endedAt = Date.now();
    this.#timers.clear();
    if (this.leg.dialog === null) this.leg.cancel();
    this.leg.end();
    await this.#setup.media.request({ type: "close", peer: this.#setup.sid }).catch(ignore);
    this.#endedAt = endedAt;
    this.#endedBy = by;
    this.#recording = this.#answeredAt === null ? null : this.#setup.recording;
    this.#change(status);
  }

  #legEvents() {
    return {
      onRinging: () => this.#ringing(),
      onAnswered: () => this.#agentAnswered(),
      onRefused: (status: number, by: "agent" | "network") => this.#agentRefused(status, by),
      onEnded: (by: "agent" | "network") => this.end(this.#answeredAt === null ? "canceled" : "completed", by),
      onDigit: (digit: string) => this.#pressed(digit),
      onHeldByAgent: (held: boolean) => void (this.#heldByAgent = held),
      onHeldByCustomer: (held: boolean) => void (this.#heldByCustomer = held),
      onReferred: (target: ReferTarget, tell: Tell) => this.#referred(target, tell),
    };
  }

  #ringAgent(leg: AgentLeg, sdp: string): void {
    const { customer, registrar, agent, direction, timeOutMs } = this.#setup;
    const bindings = registrar.bindings(agent);
    if (bindings.length > 0) this.#timers.after(timeOutMs, () => this.#noAnswer());
    if (direction === "inbound" && customer.behaviour === "gives-up") this.#timers.after(customer.ringMs, () => this.hangUpAsCustomer());
    leg.ring(bindings, sdp);
  }

  /** The agent's phone has called: the customer's rings. */
  #ringForAgent(leg: PlacedLeg): void {
    const { customer, timeOutMs } = this.#setup;
    leg.ringing();
    this.#ringing();
    this.#timers.after(Math.min(customer.ringMs, timeOutMs), () => {
      if (answers(customer, timeOutMs)) return void leg.accept().catch(() => this.end("failed", "network"));
      const isBusy = customer.behaviour === "busy";
      leg.refuse(isBusy ? 486 : 480);
      this.end(isBusy ? "busy" : "no-answer", isBusy ? "customer" : "network");
    });
  }

  /** RFC 5589: blind, the customer calls the target; attended, it takes over the call that the agent has there. */
  #referred({ number, replaces }: ReferTarget, tell: Tell): void {
    if (replaces !== null) {
      const other = this.#setup.replacedBy(replaces);
      if (other === null || other === this || other.isOver) return tell(481, "Call/Transaction Does Not Exist");
      this.#transferredTo = other.#setup.customer.number;
      // RFC 3891: who is asked to replace a dialog ends it.
      other.end("completed", "customer");
      return tell(200, "OK");
    }
    const target = this.#setup.customerOf(number);
    tell(180, "Ringing");
    this.#timers.after(target.ringMs, () => {
      if (!answers(target, this.#setup.timeOutMs))
        return target.behaviour === "busy" ? tell(486, "Busy Here") : tell(480, "Temporarily Unavailable");
      this.#transferredTo = number;
      tell(200, "OK");
    });
  }

  #ringing(): void {
    if (this.isOver || this.#status !== "queued") return;
    this.#ringingAt = Date.now();
    this.#change("ringing");
  }

  #noAnswer(): void {
    if (!this.#agentIsUp) this.#agentStatus = 487;
    this.end("no-answer", "network");
  }

  #agentRefused(status: number, by: "agent" | "network"): void {
    this.#agentStatus = status;
    // Nobody was registered: that is not an agent who does not answer.
    this.end(this.#ringingAt === null && by === "network" ? "failed" : statusOfRefusal(status), by);
  }

  #agentAnswered(): void {
    if (this.isOver) return;
    this.#agentIsUp = true;
    this.#timers.clear();
    this.#ringing();
    if (this.#setup.direction !== "outbound-api") void this.#talk().catch(() => this.drop());
    else this.#ringCustomer();
  }

  /** The agent hears the customer's phone ring. */
  #ringCustomer(): void {
    const { media, sid, customer, timeOutMs } = this.#setup;
    void media.request({ type: "source", peer: sid, source: "ringback" }).catch(ignore);
    this.#timers.after(Math.min(customer.ringMs, timeOutMs), () => {
      if (answers(customer, timeOutMs)) void this.#talk().catch(() => this.drop());
      else this.end(customer.behaviour === "busy" ? "busy" : "no-answer", customer.behaviour === "busy" ? "customer" : "network");
    });
  }

  async #talk(): Promise<void> {
    const { media, sid, customer, recording, timeLimitMs } = this.#setup;
    const source = customer.behaviour === "echoes" ? "echo" : customer.behaviour === "silent" ? "silence" : "speech";
    await media.request({ type: "bridge", peer: sid, recording });
    await media.request({ type: "source", peer: sid, source });
    if (this.isOver) return;
    this.#answeredAt = Date.now();
    this.#change("in-progress");
    if (timeLimitMs !== null) this.#timers.after(timeLimitMs, () => this.end("completed", "network"));
    if (customer.behaviour === "hangs-up") this.#timers.after(customer.talkMs, () => this.hangUpAsCustomer());
    if (customer.behaviour === "presses-digits") this.#timers.after(PRESS_AFTER_MS, () => this.pressDigits(customer.digits));
    if (customer.behaviour === "holds") {
      this.#timers.after(HOLD_AFTER_MS, () => this.setHeldByCustomer(true));
      this.#timers.after(HOLD_AFTER_MS * 2, () => this.setHeldByCustomer(false));
    }
  }

  #pressed(digit: string): void {
    this.#digits += digit;
  }

  #change(status: CallStatus): void {
    this.#status = status;
    this.#setup.onChange(this.snapshot());
  }
}
