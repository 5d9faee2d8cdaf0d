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

test("[E81] a socket that was opened ahead is used once and says that it is open, also where it was before; else a new one", async () => {
  const made: PlayedSocket[] = [];
  class PlayedSocket {
    static readonly OPEN = 1;
    readyState = 0;
    onopen: (() => void) | null = null;
    readonly asked: string;
    constructor(url: string, protocol: string) {
      this.asked = `${url} ${protocol}`;
      made.push(this);
    }
  }
  vi.stubGlobal("WebSocket", PlayedSocket);
  const spare = new PlayedSocket("spare", "sip");
  spare.readyState = PlayedSocket.OPEN;
  const spares = [spare];
  const world = createBrowserWorld({ ...NO_SPARES, takeSocket: () => (spares.pop() ?? null) as unknown as WebSocket | null });
  const opened: string[] = [];
  const open = (name: string) => {
    world.openSocket("wss://sip.example.com/wss").onOpen = () => opened.push(name);
  };
  open("spare");
  expect(opened, "not before anybody listens").toEqual([]);
  await Promise.resolve();
  open("new");
  await Promise.resolve();
  expect(opened).toEqual(["spare"]);
  made.at(-1)?.onopen?.();
  expect(opened).toEqual(["spare", "new"]);
  expect(made.map(({ asked }) => asked)).toEqual(["spare sip", "wss://sip.example.com/wss sip"]);
});
