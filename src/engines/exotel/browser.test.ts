import { afterEach, expect, test, vi } from "vitest";
import { browserWorld } from "./browser.ts";

class RealConnection {}

afterEach(() => vi.unstubAllGlobals());

test("[E52] while the SDK initialises, a connection asks no server for anything; afterwards the real one is back", async () => {
  vi.stubGlobal("RTCPeerConnection", RealConnection);
  let made: unknown;
  browserWorld.withoutPeerConnections(() => {
    const connection = new RTCPeerConnection({ iceServers: [{ urls: "stun:stun.example.com" }] });
    made = connection;
    // What the SDK does with it.
    connection.createDataChannel("");
    void connection.createOffer().then((offer) => connection.setLocalDescription(offer));
    connection.onicecandidate = () => {};
    connection.close();
  });
  expect(made).not.toBeInstanceOf(RealConnection);
  expect(RTCPeerConnection).toBe(RealConnection);
  expect(() =>
    browserWorld.withoutPeerConnections(() => {
      throw new Error("the SDK failed");
    }),
  ).toThrow("the SDK failed");
  expect(RTCPeerConnection).toBe(RealConnection);
});

test("[E52] the handler of `unload` is taken once and can still be called", () => {
  const calls: string[] = [];
  vi.stubGlobal("onunload", () => calls.push("unload"));
  const taken = browserWorld.takeUnloadHandler();
  expect(browserWorld.takeUnloadHandler()).toBeNull();
  taken?.();
  expect(calls).toEqual(["unload"]);
});

test("[E52] storage that the browser blocks is no error", () => {
  vi.stubGlobal("localStorage", {
    removeItem() {
      throw new DOMException("blocked", "SecurityError");
    },
  });
  expect(() => browserWorld.forget(["webrtc_sdk_logs"])).not.toThrow();
});

test("[E52] delegation is what the document says; unknown where the browser does not tell", () => {
  vi.stubGlobal("document", { featurePolicy: { allowsFeature: (feature: string) => feature !== "microphone" } });
  expect(browserWorld.isMicrophoneDelegated()).toBe(false);
  vi.stubGlobal("document", {});
  expect(browserWorld.isMicrophoneDelegated()).toBeNull();
});

test("[E52] a chosen microphone is asked for exactly, and none is the browser's default", async () => {
  const asked: unknown[] = [];
  const getUserMedia = async (constraints: unknown) => {
    asked.push(constraints);
    return { getAudioTracks: () => [{ kind: "audio" }] };
  };
  vi.stubGlobal("navigator", {
    mediaDevices: { getUserMedia },
    permissions: { query: () => Promise.reject(new TypeError("unknown name")) },
  });
  await browserWorld.openMicrophone("desk");
  await browserWorld.openMicrophone(null);
  expect(asked).toEqual([{ audio: { deviceId: { exact: "desk" } } }, { audio: true }]);
  expect(await browserWorld.microphonePermission()).toBeNull();
});
