import type { NamedAudio } from "../audio/audio.ts";
import { createChosenDevice } from "../audio/chosen-device.ts";
import { PhoneError } from "../core/errors.ts";
import type { Engine, EngineEvent } from "../core/engine-port.ts";
import type { Clock, Log } from "../core/ports.ts";
import { createDeferred } from "../lib/deferred.ts";
import type { Challenges } from "../engines/sipjs/challenge.ts";
import type { SipIdentity } from "../engines/sipjs/options.ts";
import type { Spares } from "../engines/sipjs/spares.ts";
import type { Config } from "../protocol/config.ts";
import type { SessionLog } from "../diagnostics/log.ts";
import { ENGINE_CHUNKS } from "./engine-chunks.ts";
import { hidePassword } from "./hide-password.ts";
import { type IceServers, createIceServers } from "./ice-servers.ts";

export interface EngineNeeds {
  readonly audio: NamedAudio;
  readonly clock: Clock;
  /** The contact to register under, where the engine lets it be chosen. */
  readonly identity: SipIdentity;
  readonly challenges: Challenges;
}

/** The engine's code is a chunk of its own, wanted after the first paint and only where somebody will use it. */
export interface EngineLoader {
  /** Starts fetching; asked again, does nothing, unless the last time failed. */
  fetch(): void;
  load(config: Config, needs: EngineNeeds): Promise<Engine>;
  /** Resolves when an engine tells for the first time how it stands with the line. */
  readonly lineNews: Promise<void>;
  /** The same with a call: its sound is there, or it is over. */
  readonly callNews: Promise<void>;
}

/** @param configured  the engine of `config.json`; `null` where it could not be read. */
export function createEngineLoader(log: SessionLog, configured: Promise<EngineName | null>, spares: Spares): EngineLoader {
  const lineNews = createDeferred<void>();
  const callNews = createDeferred<void>();
  const codes = new Map<EngineName, Promise<CreateEngine>>();
  const fetchCode = (name: EngineName): Promise<CreateEngine> => {
    const code =
      codes.get(name) ??
      ENGINES[name]().catch((error: unknown) => {
        codes.delete(name);
        log.write("error", "engine-not-loaded", { name, error });
        throw new PhoneError("server-unreachable", error);
      });
    codes.set(name, code);
    return code;
  };
  return {
    fetch: () => void configured.then((name) => (name === null ? null : fetchCode(name))).catch(() => undefined),
    lineNews: lineNews.promise,
    callNews: callNews.promise,
    async load(config, { audio, clock, ...needs }) {
      const createEngine = await fetchCode(config.sip.engine);
      const servers = iceServersOf(config, clock, log);
      const engine = createEngine({ sip: config.sip, iceServers: servers?.current, clock, log, spares, ...needs });
      servers?.start();
      engine.on(({ type }) => {
        if (OF_THE_LINE.has(type)) lineNews.resolve();
        if (OF_A_CALL.has(type)) callNews.resolve();
      });
      return onDispose(withNamedDevices(hidePassword(engine, log.hide), audio), () => servers?.stop());
    },
  };
}

const OF_THE_LINE: ReadonlySet<EngineEvent["type"]> = new Set(["registered", "registration-lost", "registration-refused"]);
const OF_A_CALL: ReadonlySet<EngineEvent["type"]> = new Set(["leg-media", "leg-ended", "registration-lost", "registration-refused"]);

type EngineName = Config["sip"]["engine"];
type CreateEngine = (options: {
  readonly sip: Config["sip"];
  readonly iceServers: IceServers["current"] | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly identity: SipIdentity;
  readonly challenges: Challenges;
  readonly spares: Spares;
}) => Engine;

const ENGINES: Readonly<Record<EngineName, () => Promise<CreateEngine>>> = {
  exotel: async () => (await ENGINE_CHUNKS.exotel()).createExotelEngine,
  sipjs: async () => (await ENGINE_CHUNKS.sipjs()).createSipjsEngine,
};

/** The phone knows devices by name; the engine is given the browser's id of the moment, again whenever it changes. */
function withNamedDevices(engine: Engine, audio: NamedAudio): Engine {
  const find = (kind: "input" | "output") => async (id: string) => (await audio.devices()).deviceIdOf(kind, id);
  const defaultInput = async () => (await audio.devices()).defaultInput();
  const input = createChosenDevice(find("input"), engine.setInputDevice.bind(engine), defaultInput);
  const output = createChosenDevice(find("output"), engine.setOutputDevice.bind(engine));
  const stopListening = audio.onDevicesChanged(() => {
    for (const device of [input, output]) device.refresh().catch(() => undefined);
  });
  const named = Object.assign(engine, { setInputDevice: input.choose, setOutputDevice: output.choose });
  return onDispose(named, stopListening);
}

/** The SDK of Exotel takes its servers when it signs in, and cannot be given others later. */
function iceServersOf({ sip }: Config, clock: Clock, log: SessionLog): IceServers | null {
  if (sip.engine !== "sipjs" || sip.iceServersUrl === undefined) return null;
  return createIceServers({
    url: sip.iceServersUrl,
    configured: sip.iceServers,
    send: fetch.bind(globalThis),
    clock,
    log,
    hide: log.hide,
    random: Math.random,
  });
}

function onDispose(engine: Engine, undo: () => void): Engine {
  const dispose = engine.dispose.bind(engine);
  return Object.assign(engine, {
    dispose() {
      undo();
      return dispose();
    },
  });
}
