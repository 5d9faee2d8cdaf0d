import type { Clock } from "../core/ports.ts";
import { SUBPROTOCOL } from "../engines/sipjs/socket-address.ts";
import { createDeferred } from "../lib/deferred.ts";
import type { Spares } from "../engines/sipjs/spares.ts";

/** What the phone will need, opened beside the code that will use it: an agent waits for the line, or a customer in silence. */
export interface WarmUp extends Spares {
  openMicrophone(): void;
  /** A connection takes its time to find the addresses of this machine. */
  openConnection(iceServers: readonly RTCIceServer[]): void;
  /** To the SIP server: nothing is sent over it. */
  openSocket(address: string): void;
  /** Resolves with the first word from the SIP server, before anybody else has heard it. */
  readonly answered: Promise<void>;
  /** There is no call that goes on. */
  closeMedia(): void;
  /** Another tab has the phone. */
  close(): void;
}

export interface WarmUpBrowser {
  getUserMedia(): Promise<Pick<MediaStream, "getTracks">>;
  createConnection(configuration: RTCConfiguration): RTCPeerConnection;
  /** Throws where the content security policy forbids the address, in some browsers. */
  createSocket(address: string): WebSocket;
}

/** What nobody has taken by then is not needed. */
const WARM_MS = 3_000;

export function createWarmUp(browser: WarmUpBrowser, clock: Pick<Clock, "after">): WarmUp {
  let isMediaOver = false;
  let microphone: Promise<Pick<MediaStream, "getTracks">> | null = null;
  let spare: { readonly connection: RTCPeerConnection; readonly servers: string } | null = null;
  const socket = createWarmSocket(browser, clock);
  const closeMedia = (): void => {
    isMediaOver = true;
    microphone?.then(stop, () => undefined);
    microphone = null;
    spare?.connection.close();
    spare = null;
  };
  const close = (): void => {
    socket.close();
    closeMedia();
  };
  return {
    openMicrophone() {
      if (isMediaOver || microphone !== null) return;
      microphone = browser.getUserMedia();
      microphone.catch(() => undefined);
      clock.after(WARM_MS, closeMedia);
    },
    openConnection(iceServers) {
      if (isMediaOver || spare !== null) return;
      // With a pool, addresses are looked for from now on, not from the first description on.
      const connection = browser.createConnection({ iceServers: [...iceServers], iceCandidatePoolSize: 1 });
      spare = { connection, servers: JSON.stringify(iceServers) };
    },
    openSocket: socket.open,
    answered: socket.answered,
    takeMicrophone() {
      const taken = microphone?.then(
        (stream) => stream.getTracks()[0] ?? null,
        () => null,
      );
      microphone = null;
      return taken ?? null;
    },
    takeConnection(iceServers) {
      if (spare === null || spare.servers !== JSON.stringify(iceServers)) return null;
      const { connection } = spare;
      spare = null;
      return connection;
    },
    takeSocket: socket.take,
    closeMedia,
    close,
  };
}

function createWarmSocket(browser: WarmUpBrowser, clock: Pick<Clock, "after">) {
  const answered = createDeferred<void>();
  let isOver = false;
  let socket: WebSocket | null = null;
  const drop = (): void => {
    socket?.close();
    socket = null;
  };
  return {
    answered: answered.promise,
    open(address: string): void {
      if (isOver || socket !== null) return;
      try {
        socket = browser.createSocket(address);
        socket.addEventListener("message", () => answered.resolve(), { once: true });
      } catch {
        return; // whoever needs one is told
      }
      clock.after(WARM_MS, drop);
    },
    take(address: string): WebSocket | null {
      if (socket === null || socket.url !== new URL(address).href || socket.readyState > WebSocket.OPEN) return null;
      const taken = socket;
      socket = null;
      return taken;
    },
    close(): void {
      isOver = true;
      drop();
    },
  };
}

function stop(stream: Pick<MediaStream, "getTracks">): void {
  for (const track of stream.getTracks()) track.stop();
}

export const browserMedia: WarmUpBrowser = {
  // Async, because a page that is not secure has no `mediaDevices` at all.
  getUserMedia: async () => navigator.mediaDevices.getUserMedia({ audio: true }),
  createConnection: (configuration) => new RTCPeerConnection(configuration),
  createSocket: (address) => new WebSocket(address, SUBPROTOCOL),
};
