/** All audio of the network, in a process of its own: an event loop that is busy with anything else is audible. */
import { startClock } from "./clock.ts";
import type { FromMedia, MediaReply, MediaRequest, ToMedia } from "./messages.ts";
import { Peer } from "./peer.ts";

const peers = new Map<string, Peer>();
let clock: Disposable | null = null;

process.on("message", (message: ToMedia) => {
  void answer(message);
});
// The network is gone: nobody is left to hang up.
process.on("disconnect", () => process.exit(0));
// Ctrl-C reaches the whole group; the network closes its calls first and then this process.
process.on("SIGINT", () => undefined);

async function answer({ id, request }: ToMedia): Promise<void> {
  try {
    tell({ id, reply: await carryOut(request) });
  } catch (error) {
    tell({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

async function carryOut(request: MediaRequest): Promise<MediaReply> {
  switch (request.type) {
    case "usage":
      return { peers: peers.size, udpSockets: process.getActiveResourcesInfo().filter((name) => name === "UDPWrap").length };
    case "open":
      return await open(request.peer, request.voice);
    case "close":
      await close(request.peer);
      return {};
    default:
      return await changePeer(find(request.peer), request);
  }
}

async function changePeer(peer: Peer, request: Exclude<MediaRequest, { type: "usage" | "open" | "close" }>): Promise<MediaReply> {
  switch (request.type) {
    case "answered":
      return await peer.answered(request.sdp);
    case "reoffer":
      return peer.reoffer(request.receive);
    case "refused":
      return peer.refused();
    case "offered":
      return await peer.offered(request.sdp);
    case "source":
      peer.setSource(request.source);
      return {};
    case "stopped":
      peer.setStopped(request.stopped);
      return {};
    case "digits":
      return { sent: peer.press(request.digits) };
    case "bridge":
      peer.bridge(request.recording);
      return {};
    default:
      return request satisfies never;
  }
}

async function open(id: string, voice: number): Promise<MediaReply> {
  const peer = new Peer(id, voice, (event) => tell({ event }));
  peers.set(id, peer);
  clock ??= startClock((dueMs) => {
    for (const each of peers.values()) each.tick(dueMs);
  });
  return await peer.open();
}

async function close(id: string): Promise<void> {
  const peer = peers.get(id);
  peers.delete(id);
  if (peers.size === 0) {
    clock?.[Symbol.dispose]();
    clock = null;
  }
  await peer?.close();
}

function find(id: string): Peer {
  const peer = peers.get(id);
  if (peer === undefined) throw new Error("this call has no audio any more");
  return peer;
}

function tell(message: FromMedia): void {
  if (process.connected) process.send?.(message);
}
