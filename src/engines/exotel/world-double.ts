import type { SdkTrack } from "./sdk.ts";
import { TrackDouble } from "./session-double.ts";
import type { EngineWorld } from "./world.ts";

/** A browser page for the engine and the SDK's double: both look at the same storage and the same `onunload`. */
export class WorldDouble implements EngineWorld {
  readonly storage = new Map<string, string>();
  /** Bytes ever written, also of what was deleted again. */
  written = 0;
  unload: (() => void) | null = null;
  delegated: boolean | null = true;
  permission: PermissionState | null = "granted";
  peerConnectionsWork = true;
  readonly opened: { readonly deviceId: string | null; readonly track: TrackDouble }[] = [];
  readonly random = (): number => 0.5;

  isMicrophoneDelegated(): boolean | null {
    return this.delegated;
  }
  async microphonePermission(): Promise<PermissionState | null> {
    return this.permission;
  }
  async openMicrophone(deviceId: string | null): Promise<SdkTrack> {
    const track = new TrackDouble();
    this.opened.push({ deviceId, track });
    return track;
  }
  withoutPeerConnections(run: () => void): void {
    this.peerConnectionsWork = false;
    run();
    this.peerConnectionsWork = true;
  }
  forget(keys: readonly string[]): void {
    for (const key of keys) this.storage.delete(key);
  }
  takeUnloadHandler(): (() => void) | null {
    const handler = this.unload;
    this.unload = null;
    return handler;
  }
  store(key: string, value: string): void {
    this.written += value.length;
    this.storage.set(key, value);
  }
}
