import { createEmitter } from "../../lib/emitter.ts";
import type { Audio, AudioDevices, MicrophoneState, RingSound } from "../ports.ts";

/** Speakers and microphones of nobody. */
export class FakeAudio implements Audio {
  isRinging = false;
  /** What is, or was last, heard. */
  sound: RingSound | null = null;
  microphone: MicrophoneState = "usable";
  allowsSound = true;
  /** The browser wants a click first: asking for sound does not help. */
  blocksSound = false;
  /** Answers to `checkMicrophone(true)`; `null`: as `microphone` is. */
  answer: MicrophoneState | null = null;
  looks = 0;
  asks = 0;
  readonly digits: string[] = [];
  ringOutput: string | null = null;
  ringVolume = 1;
  readonly #canRing = createEmitter<boolean>();
  readonly #devices = createEmitter<void>();

  startRinging(sound: RingSound): void {
    this.isRinging = true;
    this.sound = sound;
  }
  stopRinging(): void {
    this.isRinging = false;
  }
  canRing(): boolean {
    return this.allowsSound;
  }
  onCanRing(listener: (can: boolean) => void): () => void {
    return this.#canRing.on(listener);
  }
  allowSound(can: boolean): void {
    this.allowsSound = can;
    this.#canRing.emit(can);
  }
  async enableRinging(): Promise<boolean> {
    if (!this.blocksSound) this.allowSound(true);
    return this.allowsSound;
  }
  playDigit(digit: string): void {
    this.digits.push(digit);
  }
  async checkMicrophone(ask: boolean): Promise<MicrophoneState> {
    if (ask) this.asks += 1;
    else this.looks += 1;
    return (ask ? this.answer : null) ?? this.microphone;
  }
  async devices(): Promise<AudioDevices> {
    return { inputs: [{ id: "mic", label: "Microphone" }], outputs: [{ id: "ear", label: "Headset" }] };
  }
  onDevicesChanged(listener: () => void): () => void {
    return this.#devices.on(listener);
  }
  async setRingOutput(deviceId: string | null): Promise<void> {
    this.ringOutput = deviceId;
  }
  setRingVolume(volume: number): void {
    this.ringVolume = volume;
  }
  plugIn(): void {
    this.#devices.emit();
  }
  listenerCount(): number {
    return this.#canRing.listenerCount() + this.#devices.listenerCount();
  }
  dispose(): void {}
}
