import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Desk, codeOf } from "./desk.ts";
import type { Engine } from "./engine-port.ts";
import { readPreferences } from "./stored.ts";
import type { PreferencesView } from "./view.ts";

const KEY = "preferences";

/** What the agent chose on this device. */
export interface Preferences {
  readonly view: ReadonlySignal<PreferencesView>;
  load(): Promise<void>;
  change(change: Partial<PreferencesView>): Promise<void>;
  /** The engine came late: it is told the devices. */
  applyTo(engine: Engine): void;
}

export function createPreferences(desk: Desk, engine: () => Engine | null): Preferences {
  const { audio, log } = desk.ports;
  const view = signal<PreferencesView>({ inputDevice: null, outputDevice: null, ringDevice: null, ringVolume: 1, theme: "system" });
  // A device that was unplugged since must not keep the phone from working: the browser's default is used.
  const attempt = (work: Promise<void> | undefined, device: string) =>
    void work?.catch((error: unknown) => log.write("warn", "preferences: device not used", { device, code: codeOf(error) }));
  return {
    view,
    load: async () => {
      view.value = { ...view.peek(), ...readPreferences(await desk.ports.store.get(KEY).catch(() => null)) };
      audio.setRingVolume(view.peek().ringVolume);
      if (view.peek().ringDevice !== null) attempt(audio.setRingOutput(view.peek().ringDevice), "ring");
      const loaded = engine();
      if (loaded !== null) applyTo(loaded);
    },
    change: async (change) => {
      const before = view.peek();
      view.value = { ...before, ...change };
      const now = view.peek();
      audio.setRingVolume(now.ringVolume);
      const stored = desk.writer.put(KEY, now);
      if (now.ringDevice !== before.ringDevice) await audio.setRingOutput(now.ringDevice);
      if (now.inputDevice !== before.inputDevice) await engine()?.setInputDevice(now.inputDevice);
      if (now.outputDevice !== before.outputDevice) await engine()?.setOutputDevice(now.outputDevice);
      await stored;
    },
    applyTo,
  };

  function applyTo(loaded: Engine): void {
    const { inputDevice, outputDevice } = view.peek();
    if (inputDevice !== null) attempt(loaded.setInputDevice(inputDevice), "input");
    if (outputDevice !== null) attempt(loaded.setOutputDevice(outputDevice), "output");
  }
}
