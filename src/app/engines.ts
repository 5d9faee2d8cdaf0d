import type { NamedAudio } from "../audio/audio.ts";
import { createChosenDevice } from "../audio/chosen-device.ts";
import { PhoneError } from "../core/errors.ts";
import type { Engine, Log } from "../core/ports.ts";
import type { Config } from "../protocol/config.ts";
import { systemClock } from "./clock.ts";

/** The engine's code is a chunk of its own, wanted after the first paint and only where somebody will use it. */
export interface EngineLoader {
  /** Starts fetching; asked again, does nothing, unless the last time failed. */
  fetch(): void;
  load(config: Config, audio: NamedAudio): Promise<Engine>;
}

export function createEngineLoader(log: Log): EngineLoader {
  let code: ReturnType<typeof importExotel> | null = null;
  const fetchCode = (): ReturnType<typeof importExotel> => {
    code ??= importExotel().catch((error: unknown) => {
      code = null;
      log.write("error", "engine-not-loaded", { error });
      throw new PhoneError("server-unreachable", error);
    });
    return code;
  };
  return {
    fetch: () => void fetchCode().catch(() => undefined),
    async load(config, audio) {
      const { createExotelEngine } = await fetchCode();
      return withNamedDevices(createExotelEngine({ sip: config.sip, clock: systemClock, log }), audio);
    },
  };
}

function importExotel() {
  return import("../engines/exotel/engine.ts");
}

/** The phone knows devices by name; the engine is given the browser's id of the moment, again whenever it changes. */
function withNamedDevices(engine: Engine, audio: NamedAudio): Engine {
  const find = (kind: "input" | "output") => async (id: string) => (await audio.devices()).deviceIdOf(kind, id);
  const input = createChosenDevice(find("input"), engine.setInputDevice.bind(engine));
  const output = createChosenDevice(find("output"), engine.setOutputDevice.bind(engine));
  const stopListening = audio.onDevicesChanged(() => {
    for (const device of [input, output]) device.refresh().catch(() => undefined);
  });
  const dispose = engine.dispose.bind(engine);
  return Object.assign(engine, {
    setInputDevice: input.choose,
    setOutputDevice: output.choose,
    dispose() {
      stopListening();
      return dispose();
    },
  });
}
