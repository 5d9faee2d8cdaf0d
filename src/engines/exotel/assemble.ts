import { PhoneError } from "../../core/errors.ts";
import type { Engine, EngineEvent, LegId } from "../../core/ports.ts";
import { createEmitter } from "../../lib/emitter.ts";
import { createClientSession } from "./client-session.ts";
import { readInvitation } from "./invitation.ts";
import { createLeg } from "./leg.ts";
import type { Leg } from "./leg.ts";
import { createLine } from "./line.ts";
import type { EngineOptions } from "./options.ts";
import type { Sdk, SdkSession } from "./sdk.ts";
import { createRefusals } from "./refusals.ts";
import type { SipTrace } from "./sip-trace.ts";
import type { EngineWorld } from "./world.ts";

/** Exotel's SDK as the phone's engine. One per page: the SDK is a singleton. */
export function assembleEngine(sdk: Sdk, world: EngineWorld, { sip, clock, log }: EngineOptions): Engine {
  const events = createEmitter<EngineEvent>();
  const emit = (event: EngineEvent): void => events.emit(event);
  /** At most one in practice: the SDK refuses a second INVITE. */
  const legs = new Map<LegId, Leg>();
  let inputDevice: string | null = null;
  let outputDevice: string | null = null;
  let count = 0;

  const each = (visit: (leg: Leg) => void): void => {
    for (const leg of [...legs.values()]) visit(leg);
  };
  const line = createLine({
    sdk: {
      start: (account) => session.start(account),
      restart: () => session.restart(),
      close: () => session.close(),
      leave: () => session.leave(),
      register: () => sdk.phone.reRegisterWebRTCPhone(),
    },
    clock,
    log,
    emit,
    isBusy: () => legs.size > 0,
    socketLost: () =>
      each((leg) => (leg.isUp() ? leg.signalling(false) : leg.drop({ reason: "connection-lost", sipCode: null }))),
  });
  const refusals = createRefusals((invitation) => {
    if (legs.size > 0) emit({ type: "leg-refused-busy", invitation });
  });
  const onTrace = (trace: SipTrace): void => {
    line.onTrace(trace);
    if (trace.direction === "in" && trace.method === "CANCEL") {
      each((leg) => {
        if (leg.invitation.sipCallId === trace.callId) leg.cancelled(trace.header("Reason"));
      });
    }
    refusals.onTrace(trace, (callId) => [...legs.values()].some(({ invitation }) => invitation.sipCallId === callId));
  };
  const onInvite = (invite: SdkSession): void => {
    count += 1;
    const invitation = readInvitation(`${invite.request.callId}#${count}`, (name) => invite.request.getHeader(name));
    invite.userAgent.configuration.sessionDescriptionHandlerFactoryOptions = {
      ...invite.userAgent.configuration.sessionDescriptionHandlerFactoryOptions,
      iceGatheringTimeout: sip.iceGatheringMs,
      peerConnectionConfiguration: { iceServers: sip.iceServers },
    };
    const leg = createLeg({
      session: invite,
      invitation,
      phone: sdk.phone,
      world,
      clock,
      log,
      emit: (event) => {
        if (event.type === "leg-connected" && outputDevice !== null) useOutput(outputDevice);
        emit(event);
      },
      ended: () => {
        legs.delete(invitation.leg);
        line.onFree();
      },
    });
    legs.set(invitation.leg, leg);
    log.write("info", "leg rings", { sipCallId: invitation.sipCallId, exotelCallSid: invitation.exotelCallSid });
    emit({ type: "leg-ringing", invitation });
  };
  const session = createClientSession({
    sdk,
    world,
    sip,
    clock,
    log,
    isBusy: () => legs.size > 0,
    onConnection: (event) => line.onConnection(event),
    onInvite,
    onPeerConnection: (connection) => each((leg) => leg.watch(connection)),
    onTrace,
  });
  const useOutput = (deviceId: string | null): Promise<void> =>
    new Promise((done) => {
      sdk.phone.changeAudioOutputDevice(
        deviceId ?? "",
        done,
        (error) => {
          log.write("warn", "output device", { error });
          done();
        },
        true,
      );
    });
  const need = (id: LegId): Leg => {
    const leg = legs.get(id);
    if (leg === undefined) throw new PhoneError("no-call");
    return leg;
  };

  return {
    capabilities: {
      canTransfer: false,
      canDialDirect: false,
      canSurviveReload: false,
      canHoldTwoCalls: false,
      canSuppressNoise: session.canSuppressNoise,
    },
    on: events.on,
    register: (account) => line.register(account),
    unregister: () => line.unregister(),
    probe: (timeoutMs) => line.probe(timeoutMs),
    place: () => Promise.reject(new PhoneError("not-supported")),
    transfer: () => Promise.reject(new PhoneError("not-supported")),
    // Not async functions with an await before it: the click to the 200 OK is what the caller hears.
    answer: async (id) => need(id).answer(inputDevice),
    reject: async (id) => need(id).reject(),
    hangUp: async (id) => need(id).hangUp(),
    setMuted: async (id, muted) => need(id).setMuted(muted),
    setHeld: async (id, held) => need(id).setHeld(held),
    async sendDigit(id, digit) {
      if (!/^[0-9A-D*#]$/.test(digit)) throw new PhoneError("digit-invalid");
      await need(id).sendDigit(digit);
    },
    statistics: async (id) => (await legs.get(id)?.statistics()) ?? null,
    async setInputDevice(deviceId) {
      inputDevice = deviceId;
      const up = [...legs.values()].filter((leg) => leg.isUp());
      for (const leg of up) await leg.replaceMicrophone(await world.openMicrophone(deviceId));
    },
    async setOutputDevice(deviceId) {
      outputDevice = deviceId;
      if ([...legs.values()].some((leg) => leg.isUp())) await useOutput(deviceId);
    },
    leave: () => each((leg) => (leg.isUp() ? leg.hangUp() : leg.drop({ reason: "missed", sipCode: 480 }))),
    async dispose() {
      each((leg) => leg.hangUp());
      await line.unregister();
    },
  };
}
