import { PhoneError } from "../../core/errors.ts";
import type { Clock, EngineEvent, LegInvitation, LegStatistics, Log } from "../../core/ports.ts";
import { endByCancel } from "./end-reason.ts";
import type { LegEnd } from "./end-reason.ts";
import { createLegAudio } from "./leg-audio.ts";
import { createLegHold } from "./leg-hold.ts";
import { isMicrophoneError, microphoneProblem } from "./microphone-problem.ts";
import type { SdkConnection, SdkPhone, SdkSession, SdkTrack } from "./sdk.ts";
import { readStatistics } from "./statistics.ts";
import type { EngineWorld } from "./world.ts";

/** One INVITE to us, from its first ring to its end. */
export interface Leg {
  readonly invitation: LegInvitation;
  isUp(): boolean;
  /** @param inputDevice  `null`: the default microphone. */
  answer(inputDevice: string | null): Promise<void>;
  reject(): void;
  hangUp(): void;
  setMuted(muted: boolean): void;
  setHeld(held: boolean): void;
  sendDigit(digit: string): Promise<void>;
  statistics(): Promise<LegStatistics | null>;
  replaceMicrophone(track: SdkTrack): Promise<void>;
  watch(connection: SdkConnection): void;
  /** The CANCEL that is about to end this leg. */
  cancelled(reasonHeader: string | null): void;
  signalling(ok: boolean): void;
  /** Ends at once, for a reason that no message will tell. */
  drop(end: LegEnd): void;
}

export interface LegParts {
  readonly session: SdkSession;
  readonly invitation: LegInvitation;
  readonly phone: SdkPhone;
  readonly world: EngineWorld;
  readonly clock: Clock;
  readonly log: Log;
  emit(event: EngineEvent): void;
  /** Told once, after `leg-ended`. */
  ended(): void;
}

export function createLeg({ session, invitation, phone, world, clock, log, emit, ended }: LegParts): Leg {
  const { leg } = invitation;
  const audio = createLegAudio(session);
  const hold = createLegHold({ session, leg, clock, random: world.random, emit, changed: () => applyAudio(), gone: (end) => drop(end) });
  let muted = false;
  let toldMuted = false;
  let mediaOk = true;
  let signallingOk = true;
  let end: LegEnd | null = null;
  let over = false;
  let answering: Promise<void> | null = null;

  const applyAudio = (): void => {
    if (session.state === "Established") audio.apply(muted, hold.isSilent());
  };
  const finish = (how: LegEnd): void => {
    if (over) return;
    over = true;
    log.write("info", "leg ended", { reason: how.reason, sipCode: how.sipCode });
    emit({ type: "leg-ended", leg, ...how });
    ended();
  };
  const tellMuted = (): void => {
    // On hold the tracks are silent in any case; what counts then is what they will be afterwards.
    const now = hold.isSilent() ? muted : audio.isSilent();
    if (now !== muted) log.write("error", "the microphone does not follow", { muted, tracks: now });
    if (now === toldMuted) return;
    toldMuted = now;
    emit({ type: "leg-muted", leg, muted: now });
  };
  const connected = (): void => {
    // The SDK's idea of mute outlives the call before: it is set anew, whatever it was.
    phone.muteAction(muted);
    applyAudio();
    tellMuted();
    emit({ type: "leg-connected", leg });
  };
  const terminated = (): void => {
    if (end !== null) return finish(end);
    if (session.isCanceled) return finish(endByCancel(null));
    // Whether it was the microphone is known when `accept` has failed, a moment later.
    if (answering !== null) return;
    finish(wasUp ? { reason: "connection-lost", sipCode: null } : { reason: "missed", sipCode: 480 });
  };
  const answerFailed = async (error: unknown): Promise<PhoneError> => {
    if (over || session.isCanceled || end !== null) return new PhoneError("no-call", error);
    const denied = isMicrophoneError(error);
    if (session.state === "Initial" || session.state === "Establishing") {
      end = denied ? { reason: "media-denied", sipCode: 480 } : { reason: "failed", sipCode: 480 };
      void session.reject({ statusCode: 480 }).catch(() => {});
    }
    const code = denied ? await microphoneProblem(error, world) : "internal";
    log.write("warn", "answer failed", { code, error });
    if (denied) emit({ type: "leg-media-denied", leg, code });
    finish({ reason: denied ? "media-denied" : "failed", sipCode: 480 });
    return new PhoneError(code, error);
  };
  const drop = (how: LegEnd): void => {
    if (over) return;
    end = how;
    if (session.state !== "Terminated" && session.state !== "Terminating") phone.rejectCall();
    finish(how);
  };

  let wasUp = false;
  session.stateChange.addListener((state) => {
    if (state === "Established") {
      wasUp = true;
      answering = null;
      connected();
    } else if (state === "Terminated") terminated();
  });
  // The SDK swallows why an answer failed; the session still knows.
  const accept = session.accept.bind(session);
  session.accept = (options) => (answering = accept(options));
  session.delegate = {
    ...session.delegate,
    onBye: (bye) => {
      end ??= { reason: "hung-up-there", sipCode: null };
      void bye.accept();
    },
    onInvite: (request, _response, statusCode) => {
      if (statusCode === 200) hold.heardOffer(request.body);
    },
  };

  return {
    invitation,
    isUp: () => session.state === "Established",
    async answer(inputDevice) {
      if (session.state !== "Initial") throw new PhoneError("not-possible-now");
      if (inputDevice !== null) {
        session.sessionDescriptionHandlerOptions = { constraints: { audio: { deviceId: inputDevice }, video: false } };
      }
      phone.pickCall();
      try {
        await answering;
      } catch (error) {
        throw await answerFailed(error);
      }
    },
    reject() {
      end ??= { reason: "rejected", sipCode: 486 };
      if (session.state === "Initial" || session.state === "Establishing") phone.rejectCall();
    },
    hangUp() {
      const ringing = session.state === "Initial";
      end ??= ringing ? { reason: "rejected", sipCode: 486 } : { reason: "hung-up-here", sipCode: null };
      if (session.state !== "Terminated" && session.state !== "Terminating") phone.rejectCall();
    },
    setMuted(next) {
      muted = next;
      if (session.state !== "Established") return;
      phone.muteAction(next);
      applyAudio();
      tellMuted();
    },
    setHeld(held) {
      if (session.state !== "Established") throw new PhoneError("not-possible-now");
      hold.set(held);
    },
    async sendDigit(digit) {
      if (session.state !== "Established") throw new PhoneError("not-possible-now");
      const body = { contentDisposition: "render", contentType: "application/dtmf-relay", content: `Signal=${digit}\r\nDuration=240` };
      await session.info({ requestOptions: { body } });
    },
    async statistics() {
      const connection = session.sessionDescriptionHandler?.peerConnection;
      return connection === undefined ? null : readStatistics(await connection.getStats(), clock.now());
    },
    replaceMicrophone: (track) => audio.replace(track),
    watch(connection) {
      connection.addEventListener("connectionstatechange", () => {
        const { connectionState } = connection;
        const ok = connectionState === "connected";
        if (over || ok === mediaOk || !(ok || connectionState === "disconnected" || connectionState === "failed")) return;
        mediaOk = ok;
        log.write(ok ? "info" : "warn", "leg media", { connectionState });
        emit({ type: "leg-media", leg, ok });
      });
    },
    cancelled: (reasonHeader) => void (end ??= endByCancel(reasonHeader)),
    signalling(ok) {
      if (over || ok === signallingOk) return;
      signallingOk = ok;
      emit({ type: "leg-signalling", leg, ok });
    },
    drop,
  };
}
