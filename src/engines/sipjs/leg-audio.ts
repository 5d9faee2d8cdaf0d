import { MuteReport } from "../shared/mute-report.ts";
import { LegHold } from "./leg-hold.ts";
import type { LegParts } from "./leg-parts.ts";
import type { Reinvites } from "./reinvites.ts";

export interface LegAudioHooks {
  isUp(): boolean;
  isOver(): boolean;
  /** The far end does not know this call any more. */
  gone(): void;
}

/** What may be sent and heard in one leg: mute and hold together decide it. */
export class LegAudio {
  readonly hold: LegHold;
  readonly #mute: MuteReport;
  readonly #media: LegParts["media"];
  readonly #hooks: LegAudioHooks;

  constructor({ leg, media, log, emit, resumed, replaced }: LegParts, reinvites: Reinvites, hooks: LegAudioHooks) {
    const before = resumed ?? replaced;
    this.#media = media;
    this.#hooks = hooks;
    this.hold = new LegHold({
      reinvites,
      leg,
      held: before?.held ?? false,
      isUp: hooks.isUp,
      emit,
      changed: () => this.apply(),
      gone: hooks.gone,
    });
    this.#mute = new MuteReport({ leg, log, emit, isHeld: () => this.hold.isSilent(), isSilent: () => media.isSilent() });
    this.#mute.wanted = before?.muted ?? false;
  }

  setMuted(muted: boolean): void {
    this.#mute.wanted = muted;
    if (!this.#hooks.isUp()) return;
    this.apply();
    this.#mute.tell(true);
  }

  /** Says whether it is muted, where that is news. */
  tell(): void {
    this.#mute.tell(false);
  }

  /** What another leg that takes its place begins with. */
  wishes(): { readonly muted: boolean; readonly held: boolean } {
    return { muted: this.#mute.wanted, held: this.hold.isSilent() };
  }

  apply(): void {
    if (this.#hooks.isOver()) return;
    const silent = this.hold.isSilent();
    this.#media.apply(!this.#mute.wanted && !silent, !silent);
    this.#media.wanted = this.hold.direction();
  }
}
