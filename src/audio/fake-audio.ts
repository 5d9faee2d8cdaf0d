import type { AudioWorld, DeviceInUse, MediaDevicesInUse } from "./browser.ts";
import type { PlayingSound, Speaker } from "./speaker.ts";

/** A browser's audio side, played by a test. `mayPlay` is its autoplay policy. */
export class FakeAudioWorld implements AudioWorld {
  mayPlay = false;
  delegated: boolean | null = true;
  permission: PermissionState | null = "granted";
  found: DeviceInUse[] = [{ kind: "audioinput", deviceId: "mic", label: "Headset" }];
  /** Name of the error that opening the microphone ends in. */
  microphoneError: string | null = null;
  microphonesOpen = 0;
  prompts = 0;
  speaker: FakeSpeaker | null = null;
  hasSpeaker = true;
  readonly gestures = new Set<() => void>();
  readonly changes = new Set<() => void>();
  readonly permissionChanges = new Set<() => void>();
  timeOut: (() => void) | null = null;

  openSpeaker(): Speaker | null {
    this.speaker = this.hasSpeaker ? new FakeSpeaker(this) : null;
    return this.speaker;
  }
  isMicrophoneDelegated(): boolean | null {
    return this.delegated;
  }
  async microphonePermission(): Promise<PermissionState | null> {
    return this.permission;
  }
  onMicrophonePermission(listener: () => void): () => void {
    return subscribe(this.permissionChanges, listener);
  }
  onGesture(listener: () => void): () => void {
    return subscribe(this.gestures, listener);
  }
  after(_ms: number, run: () => void): () => void {
    this.timeOut = run;
    return () => void (this.timeOut = null);
  }
  mediaDevices: MediaDevicesInUse | null = {
    enumerateDevices: async () => this.found,
    openMicrophone: async () => {
      this.prompts += 1;
      if (this.microphoneError) throw new DOMException("", this.microphoneError);
      this.microphonesOpen += 1;
      const before = this.mayPlay;
      this.mayPlay = true;
      return () => {
        this.microphonesOpen -= 1;
        this.mayPlay = before;
      };
    },
    onChanged: (listener) => subscribe(this.changes, listener),
  };

  /** The agent clicks in the frame. */
  click(): void {
    this.mayPlay = true;
    for (const listener of this.gestures) listener();
  }
}

export class FakeSpeaker implements Speaker {
  readonly sampleRate = 8_000;
  running = false;
  closed = false;
  output: string | null = null;
  /** Ids that `setOutput` refuses. */
  readonly refuses = new Set<string>();
  readonly playing = new Set<FakeSound>();
  readonly played: FakeSound[] = [];
  private readonly world: FakeAudioWorld;
  private readonly listeners = new Set<() => void>();

  constructor(world: FakeAudioWorld) {
    this.world = world;
  }
  isRunning(): boolean {
    return this.running;
  }
  onRunning(listener: () => void): () => void {
    return subscribe(this.listeners, listener);
  }
  resume(): void {
    if (this.world.mayPlay) this.setRunning(true);
  }
  setRunning(running: boolean): void {
    this.running = running;
    for (const listener of this.listeners) listener();
  }
  play(samples: Float32Array<ArrayBuffer>, { loop, volume }: { loop: boolean; volume: number }): PlayingSound {
    const sound: FakeSound = {
      samples,
      loop,
      volume,
      setVolume: (next) => void (sound.volume = next),
      stop: () => void this.playing.delete(sound),
    };
    this.playing.add(sound);
    this.played.push(sound);
    return sound;
  }
  async setOutput(deviceId: string | null): Promise<void> {
    if (deviceId !== null && this.refuses.has(deviceId)) throw new DOMException("", "NotFoundError");
    this.output = deviceId;
  }
  close(): void {
    this.closed = true;
  }
}

interface FakeSound extends PlayingSound {
  readonly samples: Float32Array;
  readonly loop: boolean;
  volume: number;
}

function subscribe(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
