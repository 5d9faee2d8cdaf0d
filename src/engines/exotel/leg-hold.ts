import type { Clock, EngineEvent, LegId, Random } from "../../core/ports.ts";
import type { LegEnd } from "./end-reason.ts";
import type { SdkResponse, SdkSession } from "./sdk.ts";

/** Hold of one leg, both ways. Only an answered re-INVITE makes it true. */
export interface LegHold {
  /** Held, or about to be: nothing may be sent. */
  isSilent(): boolean;
  set(held: boolean): void;
  /** The offer of a re-INVITE that the far end sent and we answered. */
  heardOffer(sdp: string): void;
}

export interface LegHoldParts {
  readonly session: SdkSession;
  readonly leg: LegId;
  readonly clock: Clock;
  readonly random: Random;
  emit(event: EngineEvent): void;
  /** Whether something may be sent or heard may be different now. */
  changed(): void;
  /** The far end does not know this call any more. */
  gone(end: LegEnd): void;
}

/** RFC 3261 section 14.1: who did not make the Call-ID waits 0 to 2 s after a 491, in units of 10 ms. */
const GLARE_MS = 2_000;

export function createLegHold({ session, leg, clock, random, emit, changed, gone }: LegHoldParts): LegHold {
  let held = false;
  let asked: boolean | null = null;
  let heldThere = false;

  const settled = (now: boolean, refusal: { readonly sipCode: number | null } | null): void => {
    held = now;
    asked = null;
    changed();
    if (refusal === null) emit({ type: "leg-held", leg, held });
    else emit({ type: "leg-hold-refused", leg, held, sipCode: refusal.sipCode });
  };
  const refused = (wanted: boolean, response: SdkResponse, mayTryAgain: boolean): void => {
    const { statusCode } = response.message;
    if (session.state !== "Established") return;
    if (statusCode === 481) return gone({ reason: "connection-lost", sipCode: 481 });
    if (statusCode !== 491 || !mayTryAgain) return settled(held, { sipCode: statusCode });
    clock.after(Math.floor(random() * (GLARE_MS / 10)) * 10, () => {
      if (session.state === "Established") ask(wanted, false);
    });
  };
  // Not the SDK's `holdAction`: it tells no result, and after a refusal it leaves the microphone dead.
  const ask = (wanted: boolean, mayTryAgain: boolean): void => {
    session
      .invite({
        requestDelegate: {
          onAccept: () => settled(wanted, null),
          onReject: (response) => refused(wanted, response, mayTryAgain),
        },
        sessionDescriptionHandlerOptions: { hold: wanted },
      })
      .catch(() => {
        if (session.state === "Established") settled(held, { sipCode: null });
      });
  };
  return {
    isSilent: () => held || asked === true,
    set(wanted) {
      if (asked !== null) return;
      if (wanted === held) return emit({ type: "leg-held", leg, held });
      asked = wanted;
      changed();
      ask(wanted, true);
    },
    heardOffer(sdp) {
      const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(sdp.slice(Math.max(0, sdp.indexOf("m=audio"))))?.[1];
      const now = direction === "sendonly" || direction === "inactive";
      if (sdp === "" || now === heldThere) return;
      heldThere = now;
      emit({ type: "leg-held-there", leg, held: now });
    },
  };
}
