import type { BrowserContext, Frame } from "@playwright/test";

/** What one page's newest peer connection has sent and received so far. Counters are cumulative. */
export interface Sound {
  readonly packetsReceived: number;
  /** `totalAudioEnergy` of what came in (W3C WebRTC statistics). */
  readonly energyReceived: number;
  readonly packetsSent: number;
  /** `totalAudioEnergy` of what the microphone's track delivered to the sender. */
  readonly energySent: number;
  readonly state: RTCPeerConnectionState;
}

declare global {
  // Only in pages that run `rememberPeers`.
  var __peers: RTCPeerConnection[];
}

/** Keeps the peer connections of every frame of this context where `soundOf` finds them. Before the first page. */
export async function rememberPeers(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.__peers = [];
    const Original = globalThis.RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        globalThis.__peers.push(this);
      }
    };
  });
}

/** `null` while this frame has no peer connection. */
export function soundOf(frame: Frame): Promise<Sound | null> {
  return frame.evaluate(async () => {
    const peer = globalThis.__peers.at(-1);
    if (!peer) return null;
    const sum = { packetsReceived: 0, energyReceived: 0, packetsSent: 0, energySent: 0 };
    for (const entry of (await peer.getStats()).values()) {
      if (entry.kind !== "audio") continue;
      if (entry.type === "inbound-rtp") {
        sum.packetsReceived += entry.packetsReceived ?? 0;
        sum.energyReceived += entry.totalAudioEnergy ?? 0;
      }
      if (entry.type === "outbound-rtp") sum.packetsSent += entry.packetsSent ?? 0;
      if (entry.type === "media-source") sum.energySent += entry.totalAudioEnergy ?? 0;
    }
    return { ...sum, state: peer.connectionState };
  });
}

/** ICE servers and candidates' addresses are a privacy matter: which servers the newest peer connection knows. */
export function iceServersOf(frame: Frame): Promise<RTCIceServer[]> {
  return frame.evaluate(() => globalThis.__peers.at(-1)?.getConfiguration().iceServers ?? []);
}
