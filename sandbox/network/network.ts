/**
 * The phone network in a box, as its HTTP sides (Exotel's API, the control, the demo CRM) see it.
 * One implementation: SIP over WebSocket and WebRTC audio in this process and its media process.
 */

/** How a simulated customer behaves. */
export type CustomerBehaviour =
  /** Answers and speaks a recorded sentence, again and again. */
  | "speaks"
  /** Answers and sends back what it hears, 300 ms later. */
  | "echoes"
  /** Answers and says nothing (packets of silence). */
  | "silent"
  | "busy"
  | "no-answer"
  /** Rings, then gives up before the agent answers (only for calls to an agent). */
  | "gives-up"
  /** Speaks, and hangs up after `talkMs`. */
  | "hangs-up"
  /** Speaks, puts the agent on hold (re-INVITE) after 2 s and takes the agent back after 2 s more. */
  | "holds"
  /** Speaks and presses `digits` (RFC 4733 or INFO). */
  | "presses-digits";

export interface Customer {
  readonly number: string;
  readonly name: string;
  /** Sends the name as display name of the INVITE; Exotel sends the number, and so does the network unless this is true. */
  readonly showName?: boolean;
  readonly behaviour: CustomerBehaviour;
  /** Before it answers, gives up or is found not to answer. */
  readonly ringMs: number;
  /** Before it hangs up by itself, for `hangs-up`. */
  readonly talkMs: number;
  readonly digits: string;
}

export interface Agent {
  readonly user: string;
  readonly password: string;
  readonly displayName: string;
  /** Contacts registered now, one a browser or tab. */
  readonly contacts: readonly { readonly uri: string; readonly expiresAt: number; readonly userAgent: string }[];
}

/** Exotel's words (seed, chapter 5.22). */
export type CallStatus = "queued" | "ringing" | "in-progress" | "completed" | "failed" | "busy" | "no-answer" | "canceled";

/** What the simulated customer has got from the agent, measured on decoded audio. */
export interface HeardByCustomer {
  readonly packets: number;
  /** Mean square of the decoded samples of the last second, 0 to 1; about 0 while muted. */
  readonly energy: number;
  /** Epoch ms of the newest packet; `null` before the first. */
  readonly lastPacketAt: number | null;
}

export interface NetworkCall {
  readonly sid: string;
  /** `outbound-dial`: the agent's phone called by its own INVITE. */
  readonly direction: "inbound" | "outbound-api" | "outbound-dial";
  readonly agent: string;
  readonly customer: Customer;
  readonly status: CallStatus;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly ringingAt: number | null;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** Who ended it: `agent`, `customer`, `network`; `null` while it lives. */
  readonly endedBy: "agent" | "customer" | "network" | null;
  /** Final SIP status of the agent's leg where it was refused: 486, 480, 603, 487 … */
  readonly agentStatus: number | null;
  readonly agentSipCallId: string | null;
  readonly legSid: string;
  /** DTMF that arrived from the agent by SIP INFO (or RFC 4733), in order. */
  readonly digits: string;
  /** The agent has put the customer on hold (re-INVITE sendonly or inactive). */
  readonly heldByAgent: boolean;
  readonly heldByCustomer: boolean;
  readonly heard: HeardByCustomer;
  /** Whom the customer was sent on to by the agent's REFER; `null` where nobody was reached. */
  readonly transferredTo: string | null;
  /** A dual-channel WAV file (left agent, right customer), 8 kHz, once the call is over and was answered. */
  readonly recording: string | null;
}

export interface NetworkEvents {
  /** Every change of a call's status, in order. */
  call: (call: NetworkCall) => void;
  registered: (agent: Agent) => void;
}

export interface Network {
  agents(): readonly Agent[];
  /** Adds an agent or changes its password. */
  setAgent(user: string, password: string, displayName: string): void;
  calls(): readonly NetworkCall[];
  call(sid: string): NetworkCall | null;
  /** A customer calls an agent: every contact of the agent rings. Throws for an unknown agent. */
  ringAgent(agent: string, customer: Customer): NetworkCall;
  /** Click-to-call: rings the agent first, then the customer. */
  connect(agent: string, customer: Customer, options: { readonly timeOutMs: number; readonly timeLimitMs: number }): NetworkCall;
  hangUpAsCustomer(sid: string): void;
  /** The network itself ends the call on both sides. */
  hangUp(sid: string): void;
  setHeldByCustomer(sid: string, held: boolean): void;
  pressDigits(sid: string, digits: string): void;
  /** `close`: TCP reset of the agent's WebSockets. `silence`: they stay open and nothing is read or answered any more. `resume`: ends `silence`. */
  sockets(agent: string | null, action: "close" | "silence" | "resume"): number;
  /** Stops sending RTP to the agent, as when the network drops media. */
  setMediaStopped(sid: string, stopped: boolean): void;
  /** The next `count` requests with this method are answered with this status instead. */
  failNext(method: string, status: number, count: number): void;
  /** Closes everything, forgets registrations and calls, and listens again after `downMs`. */
  restart(downMs: number): Promise<void>;
  /** Newest last; passwords and digests never in it. */
  sipLog(): readonly { readonly at: number; readonly agent: string | null; readonly direction: "in" | "out"; readonly message: string }[];
  on<E extends keyof NetworkEvents>(event: E, listener: NetworkEvents[E]): () => void;
  close(): Promise<void>;
}
