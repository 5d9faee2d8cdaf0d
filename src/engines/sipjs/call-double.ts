import { answerTo, playedSdp } from "./connection-double.ts";
import { audioDirection } from "./sdp.ts";
import type { MediaDirection } from "./sdp.ts";
import { answerSip, writeSip } from "./sip-text-double.ts";
import type { SipText } from "./sip-text-double.ts";

export interface CallDoubleParts {
  readonly callId: string;
  /** The phone's contact. */
  readonly target: string;
  readonly number: string;
  /** To the phone, over the socket it has now. False where there is none. */
  send(text: string): boolean;
}

/** One call at the far end. */
export class CallDouble {
  /** What the phone sent of this call: status codes to our INVITE, and its requests with what matters of them. */
  readonly sent: (string | number)[] = [];
  readonly messages: SipText[] = [];
  /** Answers to the next re-INVITEs; then 200. */
  readonly reinviteAnswers: number[] = [];
  /** Final answer to an INVITE of the phone; `null` rings on. */
  dialAnswer: { readonly status: number; readonly headers?: readonly string[] } | null = { status: 200 };
  /** Answer to REFER and then what the NOTIFY says; `null`: nothing. */
  refer: { readonly status: number; readonly result: number | null } = { status: 202, result: 200 };
  acknowledges = true;
  /** What it answers stays with it: the phone's page is gone before it arrives. */
  keepsAnswers = false;
  /** What the far end wants to do; changed by its hold. */
  wanted: MediaDirection = "sendrecv";
  readonly #parts: CallDoubleParts;
  #invite: SipText | null = null;
  #ours = "";
  #theirs = "";
  #cseq = 1;
  #branch = 0;

  constructor(parts: CallDoubleParts) {
    this.#parts = parts;
  }

  get callId(): string {
    return this.#parts.callId;
  }
  /** The last description that the phone sent. */
  get sdp(): string {
    return this.messages.findLast(({ body }) => body.startsWith("v=0"))?.body ?? "";
  }

  ring(headers: Readonly<Record<string, string>> = {}, sdp = playedSdp()): void {
    this.#ours = `${headers["From"] ?? `"${this.#parts.number}" <sip:${this.#parts.number}@net.test>`};tag=far`;
    this.#theirs = "<sip:asha@acme.voip.example.com>";
    const own = Object.entries(headers).filter(([name]) => name !== "From");
    const extra = own.map(([name, value]) => `${name}: ${value}`);
    this.#request("INVITE", [...extra, ...(sdp === "" ? [] : ["Content-Type: application/sdp"])], sdp);
  }
  cancel(reason: string | null = null): void {
    this.#request("CANCEL", reason === null ? [] : [`Reason: ${reason}`], "", {
      branch: "1",
      cseq: 1,
      to: "<sip:asha@acme.voip.example.com>",
    });
  }
  hangUp(reason: string | null = null): void {
    this.#request("BYE", reason === null ? [] : [`Reason: ${reason}`]);
  }
  reinvite(direction: MediaDirection): void {
    this.wanted = direction;
    this.#request("INVITE", ["Content-Type: application/sdp"], playedSdp(direction));
  }
  /** A request inside the call. */
  ask(method: string, headers: readonly string[] = []): void {
    this.#request(method, headers);
  }
  /** The ACK that was kept back: of the call itself, or of the last re-INVITE. */
  acknowledge(what: "call" | "re-INVITE" = "call"): void {
    this.#request("ACK", [], "", { cseq: what === "call" ? 1 : this.#cseq });
  }
  /** The outgoing call is answered now. */
  answerDial(status: number, headers: readonly string[] = []): void {
    const invite = this.#invite;
    if (invite === null) throw new Error("no call of the phone");
    const offered = audioDirection(invite.body);
    this.#reply(invite, status, headers, status === 200 || status === 183 ? playedSdp(answerTo(offered, this.wanted), "passive") : "");
  }

  /** A message of the phone that belongs to this call. */
  receive(message: SipText): void {
    this.messages.push(message);
    if (message.status !== null) return this.#response(message);
    this.sent.push(describe(message));
    if (message.method === "INVITE") return this.#invited(message);
    if (message.method === "REFER") return this.#referred(message);
    if (message.method === "CANCEL") {
      this.#reply(message, 200);
      if (this.#invite !== null) this.#reply(this.#invite, 487);
    } else if (message.method !== "ACK") this.#reply(message, 200);
  }

  #response(message: SipText): void {
    const status = message.status ?? 0;
    if (message.cseqMethod !== "INVITE") return;
    if (message.header("CSeq").startsWith("1 ")) this.sent.push(status);
    this.#theirs = message.header("To");
    const branch = /branch=z9hG4bKfar(\d+)/.exec(message.header("Via"))?.[1] ?? "";
    const cseq = Number.parseInt(message.header("CSeq"), 10);
    if (status >= 300) this.#request("ACK", [], "", { branch, cseq });
    else if (status >= 200 && this.acknowledges) this.#request("ACK", [], "", { cseq });
  }

  #invited(message: SipText): void {
    const isFirst = !/;\s*tag=/.test(message.header("To"));
    if (!isFirst) {
      const status = this.reinviteAnswers.shift() ?? 200;
      const offered = audioDirection(message.body);
      return this.#reply(message, status, [], status === 200 ? playedSdp(answerTo(offered, this.wanted), "passive") : "");
    }
    this.#invite = message;
    this.#ours = `${message.header("To")};tag=far`;
    this.#theirs = message.header("From");
    this.#reply(message, 180);
    if (this.dialAnswer !== null) this.answerDial(this.dialAnswer.status, this.dialAnswer.headers);
  }

  #referred(message: SipText): void {
    const { status, result } = this.refer;
    this.#reply(message, status);
    if (result !== null) this.notify(result);
  }
  /** How a transfer goes (RFC 3515). */
  notify(status: number): void {
    const state = status < 200 ? "active;expires=60" : "terminated;reason=noresource";
    const headers = ["Event: refer", `Subscription-State: ${state}`, "Content-Type: message/sipfrag"];
    this.#request("NOTIFY", headers, `SIP/2.0 ${status} Played`);
  }

  #reply(request: SipText, status: number, headers: readonly string[] = [], body = ""): void {
    if (this.keepsAnswers) return;
    const contact = "Contact: <sip:far@net.test;transport=ws>";
    this.#later(answerSip(request, status, [contact, ...headers], body, "far"));
  }

  #request(
    method: string,
    headers: readonly string[],
    body = "",
    over: { readonly branch?: string; readonly cseq?: number; readonly to?: string } = {},
  ): void {
    this.#branch += 1;
    if (method !== "ACK" && method !== "CANCEL") this.#cseq += 1;
    const first = this.#branch === 1;
    const text = writeSip(
      `${method} ${this.#parts.target} SIP/2.0`,
      [
        `Via: SIP/2.0/WS net.test;branch=z9hG4bKfar${over.branch ?? this.#branch}-${this.callId}`,
        "Max-Forwards: 70",
        `From: ${this.#ours}`,
        `To: ${over.to ?? this.#theirs}`,
        `Call-ID: ${this.callId}`,
        `CSeq: ${over.cseq ?? (first ? 1 : this.#cseq)} ${method}`,
        "Contact: <sip:far@net.test;transport=ws>",
        ...headers,
      ],
      body,
    );
    // A call rings in the moment it is played; what follows from the phone's own messages comes a turn later, as over a socket.
    if (method === "ACK") void this.#muchLater(text);
    else if (method === "NOTIFY") this.#later(text);
    else this.#parts.send(text);
  }

  /** sip.js listens for it once its own promises are through; a socket is never as fast as they are. */
  async #muchLater(text: string): Promise<void> {
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    this.#parts.send(text);
  }

  #later(text: string): void {
    queueMicrotask(() => void this.#parts.send(text));
  }
}

function describe({ method, header, body }: SipText): string {
  if (method === "INVITE") return `INVITE ${audioDirection(body)}`;
  if (method === "INFO") return `INFO ${body.split("\r\n")[0] ?? ""}`;
  if (method === "REFER") return `REFER ${header("Refer-To")}`;
  const reason = header("Reason");
  return reason === "" ? (method ?? "") : `${method} ${reason}`;
}
