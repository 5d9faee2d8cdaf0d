import type { Core, UserAgent } from "sip.js";
import { answerAhead, type Challenge, type Challenges, readChallenge } from "./challenge.ts";

export interface RegisterAnswer {
  /** Final status. 408 and 503 are also what sip.js makes of silence and of a socket that is gone. */
  readonly status: number;
  /** The registrar itself said so. */
  readonly isReal: boolean;
  /** What the registrar grants. */
  readonly expiresSeconds: number;
}

interface Answer {
  readonly answer: Core.IncomingResponseMessage;
  /** Of the credentials that were sent last; `null`: none were. */
  readonly usedNonce: string | null;
}

const EXPIRES_S = 600;
/** What a registrar may make of credentials that it does not take. */
const NOT_TAKEN: ReadonlySet<number | undefined> = new Set([401, 403, 407]);

/**
 * REGISTER for the contact of one user agent (RFC 3261 section 10.2): one request at a time, always with the same
 * Call-ID. Not by sip.js's `Registerer`: its timers run on their own, and after a 423 it forgets who asked.
 */
export class Registration {
  #callId: string | null = null;
  #cseq = 0;
  #asked = EXPIRES_S;
  #open: Promise<RegisterAnswer> | null = null;
  readonly #userAgent: UserAgent;
  readonly #challenges: Challenges;
  #challenge: Challenge | null;

  constructor(userAgent: UserAgent, challenges: Challenges) {
    this.#userAgent = userAgent;
    this.#challenges = challenges;
    this.#challenge = challenges.find(this.#addressOfRecord);
  }

  /** Asks to be registered, or for the answer to the request that is out. Never rejects. */
  refresh(): Promise<RegisterAnswer> {
    if (this.#open !== null) return this.#open;
    const answer = this.#send(this.#asked).finally(() => {
      // Forgotten meanwhile, it must not take its successor along.
      if (this.#open === answer) this.#open = null;
    });
    this.#open = answer;
    return answer;
  }

  /** Takes the contact away. Never rejects. */
  remove(): Promise<RegisterAnswer> {
    return this.#send(0);
  }

  /** What is out belongs to a socket that is gone: its answer will not come. */
  forget(): void {
    this.#open = null;
  }

  async #send(expiresSeconds: number): Promise<RegisterAnswer> {
    const first = await this.#authorized(expiresSeconds);
    const least = Number(first.getHeader("Min-Expires"));
    if (first.statusCode !== 423 || !(least > expiresSeconds)) return this.#read(first);
    this.#asked = least;
    return this.#read(await this.#authorized(least));
  }

  /** A registrar that refuses a nonce it does not know, instead of naming another, is asked as if for the first time. */
  async #authorized(expiresSeconds: number): Promise<Core.IncomingResponseMessage> {
    const { answer, usedNonce } = await this.#request(expiresSeconds);
    const isRefused = NOT_TAKEN.has(answer.statusCode) && usedNonce !== null && usedNonce === this.#challenge?.nonce;
    if (!isRefused) return answer;
    this.#challenge = null;
    return (await this.#request(expiresSeconds)).answer;
  }

  get #addressOfRecord(): string {
    return this.#userAgent.configuration.uri.toString();
  }

  #request(expiresSeconds: number): Promise<Answer> {
    const { userAgentCore: core, configuration, contact } = this.#userAgent;
    const { uri } = configuration;
    const registrar = uri.clone();
    registrar.user = undefined;
    this.#cseq += 1;
    const message = core.makeOutgoingRequestMessage(
      "REGISTER",
      registrar,
      uri,
      uri,
      { cseq: this.#cseq, ...(this.#callId !== null && { callId: this.#callId }) },
      [`Contact: ${contact.toString({ register: true })};expires=${expiresSeconds}`, `Expires: ${expiresSeconds}`],
    );
    this.#callId = message.callId;
    if (this.#challenge !== null) answerAhead(core, message, this.#challenge);
    return new Promise((resolve) => {
      const done = (response: Core.IncomingResponse): void => {
        // With credentials it was sent a second time.
        this.#cseq = Math.max(this.#cseq, message.cseq);
        resolve({ answer: response.message, usedNonce: readChallenge(message.getHeader("authorization"))?.nonce ?? null });
      };
      const accepted = (response: Core.IncomingResponse): void => {
        this.#learn(message);
        done(response);
      };
      core.register(message, { onAccept: accepted, onRedirect: done, onReject: done });
    });
  }

  #learn(message: Core.OutgoingRequestMessage): void {
    this.#challenge = readChallenge(message.getHeader("authorization"));
    if (this.#challenge !== null) this.#challenges.remember(this.#addressOfRecord, this.#challenge);
  }

  #read(message: Core.IncomingResponseMessage): RegisterAnswer {
    const user = this.#userAgent.contact.uri.user ?? "";
    const ours = message.getHeaders("Contact").find((contact) => contact.includes(`sip:${user}@`)) ?? "";
    const granted = Number(/;\s*expires\s*=\s*"?(\d+)/i.exec(ours)?.[1] ?? message.getHeader("Expires") ?? this.#asked);
    return { status: message.statusCode ?? 500, isReal: message.hasHeader("Via"), expiresSeconds: granted };
  }
}
