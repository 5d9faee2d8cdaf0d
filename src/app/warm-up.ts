import type { Clock } from "../core/ports.ts";
import type { Spares } from "../engines/sipjs/spares.ts";

/** What a call that goes on will need, opened beside the code that will use it: a customer sits in silence. */
export interface WarmUp extends Spares {
  openMicrophone(): void;
  /** A connection takes its time to find the addresses of this machine. */
  openConnection(iceServers: readonly RTCIceServer[]): void;
  /** Nobody will need them: there is no call, or another tab has it. */
  close(): void;
}

export interface WarmUpBrowser {
  getUserMedia(): Promise<Pick<MediaStream, "getTracks">>;
  createConnection(configuration: RTCConfiguration): RTCPeerConnection;
}

/** What nobody has taken by then is not needed. */
const WARM_MS = 3_000;

export function createWarmUp(browser: WarmUpBrowser, clock: Pick<Clock, "after">): WarmUp {
  let isClosed = false;
  let microphone: Promise<Pick<MediaStream, "getTracks">> | null = null;
  let spare: { readonly connection: RTCPeerConnection; readonly servers: string } | null = null;
  const close = (): void => {
    isClosed = true;
    microphone?.then(stop, () => undefined);
    microphone = null;
    spare?.connection.close();
    spare = null;
  };
  return {
    openMicrophone() {
      if (isClosed || microphone !== null) return;
      microphone = browser.getUserMedia();
      microphone.catch(() => undefined);
      clock.after(WARM_MS, close);
    },
    openConnection(iceServers) {
      if (isClosed || spare !== null) return;
      // With a pool, addresses are looked for from now on, not from the first description on.
      const connection = browser.createConnection({ iceServers: [...iceServers], iceCandidatePoolSize: 1 });
      spare = { connection, servers: JSON.stringify(iceServers) };
    },
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
    close,
  };
}

function stop(stream: Pick<MediaStream, "getTracks">): void {
  for (const track of stream.getTracks()) track.stop();
}

export const browserMedia: WarmUpBrowser = {
  // Async, because a page that is not secure has no `mediaDevices` at all.
  getUserMedia: async () => navigator.mediaDevices.getUserMedia({ audio: true }),
  createConnection: (configuration) => new RTCPeerConnection(configuration),
};
