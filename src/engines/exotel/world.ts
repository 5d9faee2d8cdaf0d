import type { Random } from "../../core/ports.ts";
import type { SdkTrack } from "./sdk.ts";

/** What the engine needs from a browser besides the SDK. */
export interface EngineWorld {
  /** Whether the page around this frame passes the microphone on; `null` where the browser does not tell. */
  isMicrophoneDelegated(): boolean | null;
  /** `null` where the browser does not tell. */
  microphonePermission(): Promise<PermissionState | null>;
  /** Rejects as `getUserMedia` does. `null`: the default microphone. */
  openMicrophone(deviceId: string | null): Promise<SdkTrack>;
  /** While `run` runs, nobody in the page gets a working `RTCPeerConnection`. */
  withoutPeerConnections(run: () => void): void;
  /** Deletes keys of `localStorage`. */
  forget(keys: readonly string[]): void;
  /** Takes the function that was assigned to `window.onunload` off the page. */
  takeUnloadHandler(): (() => void) | null;
  readonly random: Random;
}
