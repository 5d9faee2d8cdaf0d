import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { RtpParty } from "./rtp-party.ts";
import { ANSWERED, type Direction, readSdp, readSip, type SipText, uriOf, writeSip } from "./sip-text.ts";

const FINAL_WITHIN_MS = 10_000;
const random = () => randomBytes(6).toString("hex");

/**
 * The customer's telephone for one call: SIP over UDP (RFC 3261) and RTP, in this process, so that both carry the time
 * of one clock. sipp plays scenarios; this one is played by hand, in any order, for as long as a test likes.
 */
export class FarEnd {
  readonly rtp = new RtpParty();
  /** Digits by SIP INFO, with the time of their arrival (epoch ms). */
  readonly digits: { readonly digit: string; readonly at: number }[] = [];
  /** Directions that the agent offered in re-INVITEs, in order. */
  readonly offered: Direction[] = [];
  /** Every message in either direction: time, first line and CSeq. */
  readonly trail: string[] = [];
  /** Epoch ms of the agent's BYE or CANCEL. */
  endedThereAt: number | null = null;
  state: "idle" | "calling" | "up" | "over" = "idle";
  /** Final status of our INVITE. */
  status: number | null = null;

  readonly #socket: Socket = createSocket("udp4");
  readonly #sipPort: number;
  readonly #waiting = new Map<string, (response: SipText) => void>();
  /** Answers that were given, by transaction: a repeated request gets the same one (RFC 3261 section 17.2). */
  readonly #answers = new Map<string, string>();
  #rtpPort = 0;
  #callId = "";
  #sequence = 0;
  #theirSequence = 0;
  #sdpVersion = 0;
  #direction: Direction = "sendrecv";
  #me = "";
  #peer = "";
  #target = "";
  #routes: readonly string[] = [];
  #inviteBranch = "";

  private constructor(sipPort: number) {
    this.#sipPort = sipPort;
  }

  /**
   * @param sipPort UDP port of the proxy.
   * @param port where calls to this telephone arrive; any free one unless told.
   */
  static async open(sipPort: number, port = 0): Promise<FarEnd> {
    const end = new FarEnd(sipPort);
    end.#rtpPort = await end.rtp.open();
    await new Promise<void>((resolve, reject) => {
      end.#socket.once("error", reject);
      end.#socket.bind(port, "127.0.0.1", resolve);
    });
    end.#socket.on("message", (message) => end.#receive(message.toString()));
    return end;
  }

  close(): void {
    this.rtp.close();
    this.#socket.close();
  }

  /** Sends the INVITE; `state` tells what comes of it. */
  ring(agent: string, { number = "+918000000001", callSid = `sid-${random()}` } = {}): void {
    this.#callId = random();
    this.#me = `<sip:${number}@127.0.0.1:${this.#port}>;tag=${random()}`;
    this.#peer = `<sip:${agent}@127.0.0.1>`;
    this.#target = `sip:${agent}@127.0.0.1:${this.#sipPort}`;
    this.state = "calling";
    void this.#request("INVITE", this.#sdp(), [`X-Exotel-Callsid: ${callSid}`, `LegSid: leg-${callSid}`]).catch(() => undefined);
  }

  /** Gives up an INVITE that rings. */
  cancel(): void {
    const lines = this.#lines("CANCEL", this.#sequence, this.#inviteBranch);
    this.#send(writeSip(lines));
  }

  /** A re-INVITE with an offer. Resolves to its final status. */
  async reinvite(direction: Direction = "sendrecv"): Promise<number> {
    this.#direction = direction;
    return (await this.#request("INVITE", this.#sdp())).status ?? 0;
  }

  /** Resolves to the final status of the BYE. */
  async hangUp(): Promise<number> {
    this.state = "over";
    return (await this.#request("BYE")).status ?? 0;
  }

  get #port(): number {
    return this.#socket.address().port;
  }

  #receive(text: string): void {
    const message = readSip(text);
    this.trail.push(`${clock()} in  ${firstLine(text)} | ${message.header("CSeq")}`);
    if (message.status !== null) return this.#response(message);
    if (message.method === "ACK") return;
    const transaction = `${message.header("Via")} ${message.method}`;
    const given = this.#answers.get(transaction);
    if (given !== undefined) return this.#send(given);
    this.#answers.set(transaction, this.#answer(message));
  }

  #response(message: SipText): void {
    const { status } = message;
    if (status === null || status < 200) return;
    if (message.of === "INVITE") this.#finalOfInvite(message, status);
    const key = `${message.of} ${message.sequence}`;
    this.#waiting.get(key)?.(message);
    this.#waiting.delete(key);
  }

  #finalOfInvite(message: SipText, status: number): void {
    const first = this.state === "calling";
    if (first) this.status = status;
    if (status < 300) {
      this.#peer = message.header("To");
      this.#target = uriOf(message.header("Contact"));
      if (first) this.#routes = message.headers("Record-Route").toReversed();
      this.#listenTo(message.body, false);
      this.#send(writeSip(this.#lines("ACK", message.sequence)));
    } else {
      const lines = this.#lines("ACK", message.sequence, this.#inviteBranch);
      this.#send(writeSip(lines.map((line) => (line.startsWith("To:") ? `To: ${message.header("To")}` : line))));
    }
    if (first) this.state = status < 300 ? "up" : "over";
  }

  /** Answers a request and returns the answer. */
  #answer(request: SipText): string {
    const isNew = request.method === "INVITE" && !request.header("To").includes("tag=");
    if (isNew && this.state === "idle") return this.#takeCall(request);
    const known = this.state === "up" && request.callId === this.#callId;
    if (!known) return this.#reply(request, 481, "Call/Transaction Does Not Exist");
    if (request.sequence <= this.#theirSequence) return this.#reply(request, 500, "CSeq out of order");
    this.#theirSequence = request.sequence;
    if (request.method === "INVITE") {
      this.#target = uriOf(request.header("Contact"));
      this.#listenTo(request.body, true);
      return this.#reply(request, 200, "OK", this.#sdp());
    }
    if (request.method === "INFO") this.#digit(request.body);
    if (request.method === "BYE") {
      this.endedThereAt = now();
      this.state = "over";
    }
    return this.#reply(request, 200, "OK");
  }

  #takeCall(request: SipText): string {
    this.#callId = request.callId;
    this.#theirSequence = request.sequence;
    this.#routes = request.headers("Record-Route");
    this.#peer = request.header("From");
    this.#me = `${request.header("To")};tag=${random()}`;
    this.#target = uriOf(request.header("Contact"));
    this.#listenTo(request.body, false);
    this.#reply(request, 180, "Ringing");
    this.state = "up";
    return this.#reply(request, 200, "OK", this.#sdp());
  }

  #listenTo(sdp: string, isOffer: boolean): void {
    const facts = readSdp(sdp);
    if (facts === null) return;
    this.rtp.speakTo(facts.address, facts.port, facts.direction === "sendrecv" || facts.direction === "recvonly");
    if (!isOffer) return;
    this.offered.push(facts.direction);
    this.#direction = ANSWERED[facts.direction];
  }

  #digit(body: string): void {
    const digit = /^Signal\s*=\s*([0-9A-D*#])/m.exec(body)?.[1];
    if (digit !== undefined) this.digits.push({ digit, at: now() });
  }

  #request(method: string, body = "", headers: readonly string[] = []): Promise<SipText> {
    this.#sequence += 1;
    const branch = `z9hG4bK${random()}`;
    if (method === "INVITE") this.#inviteBranch = branch;
    const key = `${method} ${this.#sequence}`;
    const message = writeSip([...this.#lines(method, this.#sequence, branch), ...headers], body);
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`nobody answered the ${method}`)), FINAL_WITHIN_MS);
      // A call may ring for longer than any other request may take.
      if (this.state === "calling") clearTimeout(patience);
      this.#waiting.set(key, (response) => {
        clearTimeout(patience);
        resolve(response);
      });
      this.#send(message);
    });
  }

  #lines(method: string, sequence: number, branch = `z9hG4bK${random()}`): string[] {
    return [
      `${method} ${this.#target} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${this.#port};branch=${branch};rport`,
      "Max-Forwards: 70",
      ...this.#routes.map((route) => `Route: ${route}`),
      `From: ${this.#me}`,
      `To: ${this.#peer}`,
      `Call-ID: ${this.#callId}`,
      `CSeq: ${sequence} ${method}`,
      `Contact: <sip:customer@127.0.0.1:${this.#port}>`,
    ];
  }

  #reply(request: SipText, status: number, words: string, body = ""): string {
    const to = request.header("To");
    const tag = /tag=[^;]+/.exec(this.#me)?.[0] ?? `tag=${random()}`;
    const lines = [
      `SIP/2.0 ${status} ${words}`,
      ...request.headers("Via").map((via) => `Via: ${via}`),
      ...request.headers("Record-Route").map((route) => `Record-Route: ${route}`),
      `From: ${request.header("From")}`,
      `To: ${to.includes("tag=") ? to : `${to};${tag}`}`,
      `Call-ID: ${request.callId}`,
      `CSeq: ${request.header("CSeq")}`,
      `Contact: <sip:customer@127.0.0.1:${this.#port}>`,
    ];
    const answer = writeSip(lines, body);
    this.#send(answer);
    return answer;
  }

  #sdp(): string {
    this.#sdpVersion += 1;
    return [
      "v=0",
      `o=customer 1 ${this.#sdpVersion} IN IP4 127.0.0.1`,
      "s=-",
      "c=IN IP4 127.0.0.1",
      "t=0 0",
      `m=audio ${this.#rtpPort} RTP/AVP 8 101`,
      "a=rtpmap:8 PCMA/8000",
      "a=rtpmap:101 telephone-event/8000",
      `a=${this.#direction}`,
      "",
    ].join("\r\n");
  }

  #send(message: string): void {
    this.trail.push(`${clock()} out ${firstLine(message)} | ${readSip(message).header("CSeq")}`);
    this.#socket.send(message, this.#sipPort, "127.0.0.1");
  }
}

function clock(): string {
  return new Date().toISOString().slice(11, 23);
}

function firstLine(text: string): string {
  return text.slice(0, text.indexOf("\r\n")).slice(0, 60);
}

/** Epoch ms with fractions, comparable with `performance.timeOrigin + performance.now()` of a page on this machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
