import { Invitation, SessionState } from "sip.js";
import type { Session } from "sip.js";
import type { Clock, Random } from "../../core/ports.ts";
import type { LegMedia } from "./leg-media.ts";
import { OpenAck } from "../shared/open-ack.ts";

export interface ReinviteAnswer {
  /** Of the final answer; `null` where the request could not be sent. */
  readonly status: number | null;
  readonly sdp: string;
}

export interface ReinvitesParts {
  readonly session: Session;
  readonly media: LegMedia;
  readonly clock: Clock;
  readonly random: Random;
  /** We made the Call-ID. */
  readonly isOurs: boolean;
}

/** Our re-INVITEs of one session, one after the other. */
export class Reinvites {
  /** Of the far end's INVITEs. */
  readonly ack: OpenAck;
  #last: Promise<unknown> = Promise.resolve();
  readonly #parts: ReinvitesParts;

  constructor(parts: ReinvitesParts) {
    this.#parts = parts;
    this.ack = new OpenAck(parts.clock);
    if (parts.session instanceof Invitation) this.ack.opened();
  }

  /** @param prepare  says what the offer shall be, right before it is made. */
  send(prepare: (media: LegMedia) => void): Promise<ReinviteAnswer> {
    const answer = this.#last.then(() => this.#sendNow(prepare));
    this.#last = answer;
    return answer;
  }

  async #sendNow(prepare: (media: LegMedia) => void): Promise<ReinviteAnswer> {
    const { session } = this.#parts;
    const first = await this.#try(prepare);
    // 491: both at once. 500: the far end still works on another one. `null`: one of theirs is under way here.
    if (session.state !== SessionState.Established || (first.status !== 491 && first.status !== 500 && first.status !== null)) return first;
    await this.#wait();
    return session.state === SessionState.Established ? this.#try(prepare) : first;
  }

  async #try(prepare: (media: LegMedia) => void): Promise<ReinviteAnswer> {
    const { session, media } = this.#parts;
    await this.ack.whenArrived();
    prepare(media);
    return new Promise((resolve) => {
      session
        .invite({
          requestDelegate: {
            onAccept: ({ message }) => resolve({ status: message.statusCode ?? null, sdp: message.body }),
            onReject: ({ message }) => resolve({ status: message.statusCode ?? null, sdp: "" }),
            onRedirect: ({ message }) => resolve({ status: message.statusCode ?? null, sdp: "" }),
          },
        })
        .catch(async () => {
          // sip.js takes the offer back where it was refused, but not where it was never sent.
          await media.rollbackDescription().catch(() => undefined);
          resolve({ status: null, sdp: "" });
        });
    });
  }

  /** RFC 3261 section 14.1: who made the Call-ID waits 2.1 to 4 s, the other up to 2 s, in units of 10 ms. */
  #wait(): Promise<void> {
    const { clock, random, isOurs } = this.#parts;
    const units = isOurs ? 210 + Math.floor(random() * 190) : Math.floor(random() * 200);
    return new Promise((resolve) => void clock.after(units * 10, resolve));
  }
}
