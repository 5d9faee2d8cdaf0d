import type { EngineEvent, LegId } from "../../core/engine-port.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { LegMedia } from "./leg-media.ts";
import type { ReinviteAnswer, Reinvites } from "./reinvites.ts";
import type { MediaDirection } from "./sdp.ts";

export interface LegSignallingParts {
  readonly leg: LegId;
  readonly reinvites: Reinvites;
  readonly clock: Clock;
  readonly log: Log;
  /** Another page began this call: nothing flows before the far end has taken an offer of this page. */
  readonly isResumed: boolean;
  isUp(): boolean;
  direction(): MediaDirection;
  /** The far end's newest description. */
  heard(sdp: string): void;
  emit(event: EngineEvent): void;
  /** Sends what an earlier page still owed the far end. */
  settle(): void;
  /** The far end does not know this call any more (481), or will not go on with it. */
  gone(status: number): void;
}

const TRIES_TO_RESUME = 6;
const AGAIN_MS = 1_000;

/** Whether the far end of one leg can be reached, by messages and by sound, and what is sent when it can be again. */
export class LegSignalling {
  isOk: boolean;
  #mediaOk: boolean;
  #isAnswered: boolean;
  #restoring = false;
  readonly #parts: LegSignallingParts;

  constructor(parts: LegSignallingParts) {
    this.#parts = parts;
    this.isOk = !parts.isResumed;
    this.#mediaOk = !parts.isResumed;
    this.#isAnswered = !parts.isResumed;
  }

  lost(): void {
    if (!this.isOk) return;
    this.isOk = false;
    this.#parts.emit({ type: "leg-signalling", leg: this.#parts.leg, ok: false });
  }

  mediaChanged(ok: boolean, connectionState: string): void {
    const { isUp, log, emit, leg } = this.#parts;
    // The socket has outlived the network path: another one is looked for.
    if (connectionState === "failed" && isUp() && this.isOk) void this.refresh();
    if (ok === this.#mediaOk) return;
    this.#mediaOk = ok;
    log.write(ok ? "info" : "warn", "leg media", { connectionState });
    emit({ type: "leg-media", leg, ok });
  }

  /** There is a way again: so must the far end know. */
  async restore(): Promise<void> {
    const { isUp, log, emit, leg } = this.#parts;
    if (this.isOk || this.#restoring || !isUp()) return;
    this.#restoring = true;
    const { status, sdp } = await (this.#isAnswered ? this.refresh() : this.#resume());
    this.#restoring = false;
    log.write("info", "leg signalling restored", { status });
    // 408 and 503 are also what sip.js makes of a socket that is gone again.
    if (!isUp() || status === null || status === 408 || status === 503) return;
    if (!this.#isAnswered && status !== 200) return this.#parts.gone(status);
    this.isOk = true;
    this.#isAnswered = true;
    emit({ type: "leg-signalling", leg, ok: true });
    if (status === 200) this.#parts.heard(sdp);
  }

  /** Offers anew, over new network paths where the old ones do not carry. */
  async refresh(): Promise<ReinviteAnswer> {
    const answer = await this.#parts.reinvites.send((media: LegMedia) => {
      media.wanted = this.#parts.direction();
      const state = media.connectionState();
      media.iceRestart = state !== "connected" && state !== "new";
    });
    if (answer.status === 481 && this.#parts.isUp()) this.#parts.gone(481);
    return answer;
  }

  /** 491 and 500: a request of the far end, or of the page before, is still under way there. */
  async #resume(): Promise<ReinviteAnswer> {
    this.#parts.settle();
    let answer = await this.refresh();
    for (let tried = 1; tried < TRIES_TO_RESUME && this.#parts.isUp(); tried += 1) {
      if (answer.status !== 491 && answer.status !== 500) break;
      await new Promise<void>((resolve) => void this.#parts.clock.after(AGAIN_MS, resolve));
      this.#parts.settle();
      answer = await this.refresh();
    }
    return answer;
  }
}
