import type { Unsubscribe } from "../core/ports.ts";

/** Where sounds come out: one audio context of the browser. */
export interface Speaker {
  readonly sampleRate: number;
  /** Whether the browser lets it sound now. */
  isRunning(): boolean;
  onRunning(listener: () => void): Unsubscribe;
  /** Asks the browser to let it sound. May stay pending for ever without a gesture, so nobody waits for it. */
  resume(): void;
  /** Plays samples from -1 to 1, once or until undone. */
  play(samples: Float32Array<ArrayBuffer>, how: { readonly loop: boolean; readonly volume: number }): PlayingSound;
  /** `null`: the default device. Rejects where neither the context nor an element may use it. */
  setOutput(deviceId: string | null): Promise<void>;
  close(): void;
}

export interface PlayingSound {
  setVolume(volume: number): void;
  stop(): void;
}

/** Not in TypeScript's DOM library yet (Web Audio API 1.1). */
type SinkContext = AudioContext & { setSinkId?(sinkId: string): Promise<void> };

export function openSpeaker(): Speaker | null {
  if (typeof AudioContext === "undefined") return null;
  const context: SinkContext = new AudioContext({ latencyHint: "interactive" });
  const output = new GainNode(context);
  output.connect(context.destination);
  const route = createRoute(context, output);
  const buffers = new WeakMap<Float32Array, AudioBuffer>();
  const bufferOf = (samples: Float32Array<ArrayBuffer>): AudioBuffer => {
    const known = buffers.get(samples);
    if (known !== undefined) return known;
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: context.sampleRate });
    buffer.copyToChannel(samples, 0);
    buffers.set(samples, buffer);
    return buffer;
  };
  return {
    sampleRate: context.sampleRate,
    isRunning: () => context.state === "running",
    onRunning(listener) {
      context.addEventListener("statechange", listener);
      return () => context.removeEventListener("statechange", listener);
    },
    resume() {
      // Refused when the context is closed meanwhile: then there is nothing to resume.
      context.resume().catch(() => undefined);
    },
    play(samples, { loop, volume }) {
      const source = new AudioBufferSourceNode(context, { buffer: bufferOf(samples), loop });
      const gain = new GainNode(context, { gain: volume });
      source.connect(gain).connect(output);
      source.addEventListener("ended", () => gain.disconnect());
      source.start();
      return { setVolume: (next) => (gain.gain.value = next), stop: () => source.stop() };
    },
    setOutput: route.setOutput,
    close() {
      route.close();
      void context.close();
    },
  };
}

/**
 * `AudioContext.setSinkId` needs `speaker-selection` from the page around us; `HTMLAudioElement.setSinkId` does not,
 * so where the first is refused the sound goes through an element.
 */
function createRoute(context: SinkContext, output: GainNode): { setOutput(deviceId: string | null): Promise<void>; close(): void } {
  let element: HTMLAudioElement | null = null;
  const leaveElement = (): void => {
    if (!element) return;
    element.pause();
    element.srcObject = null;
    element = null;
    output.disconnect();
    output.connect(context.destination);
  };
  const throughElement = async (deviceId: string): Promise<void> => {
    const next = element ?? new Audio();
    await next.setSinkId(deviceId);
    if (element) return;
    const bridge = new MediaStreamAudioDestinationNode(context);
    next.srcObject = bridge.stream;
    await next.play();
    element = next;
    output.disconnect();
    output.connect(bridge);
  };
  return {
    close: leaveElement,
    async setOutput(deviceId) {
      try {
        await context.setSinkId?.(deviceId ?? "");
        if (context.setSinkId || deviceId === null) return leaveElement();
      } catch (error) {
        if (deviceId === null) return leaveElement();
        if (!(error instanceof DOMException) || error.name !== "NotAllowedError") throw error;
      }
      await throughElement(deviceId);
    },
  };
}
