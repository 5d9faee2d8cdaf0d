import type { EngineWorld } from "./world.ts";

export const browserWorld: EngineWorld = {
  isMicrophoneDelegated,
  async microphonePermission() {
    try {
      return (await navigator.permissions.query({ name: "microphone" })).state;
    } catch {
      return null; // browsers that do not know this permission's name
    }
  },
  async openMicrophone(deviceId) {
    const audio = deviceId === null ? true : { deviceId: { exact: deviceId } };
    const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
    if (track === undefined) throw new DOMException("no audio track", "NotFoundError");
    return track;
  },
  withoutPeerConnections(run) {
    const real = Object.getOwnPropertyDescriptor(globalThis, "RTCPeerConnection");
    if (real === undefined) return run();
    Object.defineProperty(globalThis, "RTCPeerConnection", { ...real, value: InertPeerConnection });
    try {
      run();
    } finally {
      Object.defineProperty(globalThis, "RTCPeerConnection", real);
    }
  },
  forget(keys) {
    try {
      for (const key of keys) localStorage.removeItem(key);
    } catch {
      // A browser that blocks storage has kept nothing either.
    }
  },
  takeUnloadHandler() {
    const handler = globalThis.onunload;
    if (typeof handler !== "function") return null;
    globalThis.onunload = null;
    return () => handler.call(globalThis as unknown as Window & typeof globalThis, new Event("unload"));
  },
  random: () => Math.random(),
};

/** Takes what the SDK's search for the public address asks of a connection, and does nothing. */
class InertPeerConnection {
  onicecandidate: unknown = null;
  createDataChannel(): void {}
  createOffer(): Promise<never> {
    return new Promise(() => {});
  }
  setLocalDescription(): Promise<void> {
    return Promise.resolve();
  }
  close(): void {}
}

/** Neither name is in TypeScript's DOM library: the first is Chromium's, the second the later standard's. */
interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(feature: string): boolean };
  readonly permissionsPolicy?: { allowsFeature(feature: string): boolean };
}

function isMicrophoneDelegated(): boolean | null {
  const { permissionsPolicy, featurePolicy } = document as PolicyDocument;
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature("microphone") ?? null;
}
