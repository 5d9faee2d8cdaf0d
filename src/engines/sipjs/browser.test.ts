import { afterEach, expect, test, vi } from "vitest";
import { createBrowserWorld } from "./browser.ts";
import { NO_SPARES } from "./spares.ts";

class Connection {
  readonly configuration: RTCConfiguration | null;
  constructor(configuration: RTCConfiguration | null = null) {
    this.configuration = configuration;
  }
  connectionState = "new";
}

afterEach(() => vi.unstubAllGlobals());

test("[E79] a connection that was opened ahead is used once; where there is none, a new one", () => {
  vi.stubGlobal("RTCPeerConnection", Connection);
  const spare = new Connection();
  spare.connectionState = "spare";
  const spares: (Connection | null)[] = [spare];
  const world = createBrowserWorld({ ...NO_SPARES, takeConnection: () => (spares.pop() ?? null) as RTCPeerConnection | null });
  expect(world.createPeerConnection([]).connectionState).toBe("spare");
  expect(world.createPeerConnection([]).connectionState).toBe("new");
});

test("[E79] the microphone that was opened ahead serves whoever wants the default one", async () => {
  const asked: unknown[] = [];
  const getUserMedia = async ({ audio }: MediaStreamConstraints) => {
    asked.push(audio);
    return { getAudioTracks: () => [{ kind: "audio", id: "new" }] };
  };
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  const spares: MediaStreamTrack[] = [];
  const world = createBrowserWorld({ ...NO_SPARES, takeMicrophone: async () => spares.pop() ?? null });
  spares.push({ kind: "audio", id: "spare" } as MediaStreamTrack);
  expect(await world.openMicrophone("desk")).toMatchObject({ id: "new" });
  expect(await world.openMicrophone(null)).toMatchObject({ id: "spare" });
  expect(await world.openMicrophone(null)).toMatchObject({ id: "new" });
  expect(asked).toEqual([{ deviceId: { ideal: "desk" } }, true]);
});
