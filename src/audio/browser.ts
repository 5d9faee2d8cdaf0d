import type { Unsubscribe } from "../core/ports.ts";
import { createDeferred } from "../lib/deferred.ts";
import { createEmitter } from "../lib/emitter.ts";
import { openSpeaker } from "./speaker.ts";
import type { Speaker } from "./speaker.ts";

/** What the audio side needs from a browser. */
export interface AudioWorld {
  /** `null` where the browser has no Web Audio. */
  openSpeaker(): Speaker | null;
  /** Whether the page around this frame passes the microphone on; `null` where the browser does not tell (Firefox). */
  isMicrophoneDelegated(): boolean | null;
  /** `null` where the browser does not tell. */
  microphonePermission(): Promise<PermissionState | null>;
  onMicrophonePermission(listener: () => void): Unsubscribe;
  /** `null` outside a secure context. */
  readonly mediaDevices: MediaDevicesInUse | null;
  /** Every click or key press in this frame, until undone. */
  onGesture(listener: () => void): Unsubscribe;
  after(ms: number, run: () => void): Unsubscribe;
}

export interface MediaDevicesInUse {
  enumerateDevices(): Promise<readonly DeviceInUse[]>;
  /** Opens the default microphone; the undo closes it. Rejects as `getUserMedia` does. */
  openMicrophone(): Promise<Unsubscribe>;
  onChanged(listener: () => void): Unsubscribe;
}
export type DeviceInUse = Pick<MediaDeviceInfo, "deviceId" | "kind" | "label">;

/** Who has not looked yet hears of no change: to watch costs a browser as much as to look, and the line comes first. */
const looked = createDeferred<void>();
/** It changes by itself: asked for once. */
let permission: Promise<PermissionStatus | null> | null = null;

export const browserAudio: AudioWorld = {
  openSpeaker,
  isMicrophoneDelegated,
  microphonePermission: async () => (await queryMicrophone())?.state ?? null,
  onMicrophonePermission(listener) {
    const undo = new AbortController();
    void looked.promise.then(queryMicrophone).then((status) => status?.addEventListener("change", listener, { signal: undo.signal }));
    return () => undo.abort();
  },
  mediaDevices: readMediaDevices(),
  onGesture(listener) {
    const undo = new AbortController();
    const options = { capture: true, passive: true, signal: undo.signal };
    for (const type of ["pointerup", "keydown"]) globalThis.addEventListener(type, listener, options);
    return () => undo.abort();
  },
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Neither name is in TypeScript's DOM library: the first is Chromium's, the second the later standard's. */
interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(feature: string): boolean };
  readonly permissionsPolicy?: { allowsFeature(feature: string): boolean };
}

function isMicrophoneDelegated(): boolean | null {
  const { permissionsPolicy, featurePolicy } = document as PolicyDocument;
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature("microphone") ?? null;
}

function queryMicrophone(): Promise<PermissionStatus | null> {
  permission ??= queryPermission();
  looked.resolve();
  return permission;
}

async function queryPermission(): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: "microphone" });
  } catch {
    return null; // browsers that do not know this permission's name
  }
}

function readMediaDevices(): MediaDevicesInUse | null {
  const devices = globalThis.navigator?.mediaDevices as MediaDevices | undefined; // absent in an insecure context
  if (!devices) return null;
  const changed = createEmitter<void>();
  void looked.promise.then(() => devices.addEventListener("devicechange", () => changed.emit()));
  return {
    enumerateDevices() {
      looked.resolve();
      return devices.enumerateDevices();
    },
    async openMicrophone() {
      const stream = await devices.getUserMedia({ audio: true });
      return () => {
        for (const track of stream.getTracks()) track.stop();
      };
    },
    onChanged: changed.on,
  };
}
