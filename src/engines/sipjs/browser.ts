import { SUBPROTOCOL } from "./socket-address.ts";
import type { Spares } from "./spares.ts";
import type { AudioTrack, EngineWorld, PeerConnection, Socket, Speaker, Transceiver } from "./world.ts";

export function createBrowserWorld(spares: Spares): EngineWorld {
  return {
    ...browserWorld,
    // No bundle policy: Chromium refuses an offer that names no bundle (rtpengine) under `max-bundle`.
    createPeerConnection: (iceServers) => wrap(spares.takeConnection(iceServers) ?? new RTCPeerConnection({ iceServers: [...iceServers] })),
    // Without a spare, at once: a caller waits, and the screen would come first.
    openMicrophone: async (deviceId) => {
      const spare = deviceId === null ? spares.takeMicrophone() : null;
      return (spare === null ? null : await spare) ?? openMicrophone(deviceId);
    },
    openSocket: (address) => wrapSocket(spares.takeSocket(address) ?? new WebSocket(address, SUBPROTOCOL)),
  };
}

const browserWorld: Omit<EngineWorld, "createPeerConnection" | "openMicrophone" | "openSocket"> = {
  audioCodecs: () => RTCRtpReceiver.getCapabilities("audio")?.codecs ?? [],
  createSpeaker,
  isMicrophoneDelegated,
  async microphonePermission() {
    try {
      return (await navigator.permissions.query({ name: "microphone" })).state;
    } catch {
      return null; // browsers that do not know this permission's name
    }
  },
  random: () => Math.random(),
};

async function openMicrophone(deviceId: string | null): Promise<AudioTrack> {
  // `ideal`: a call is better answered with another microphone than not at all.
  const audio = deviceId === null ? true : { deviceId: { ideal: deviceId } };
  if (navigator.mediaDevices === undefined) throw new DOMException("insecure page", "NotSupportedError");
  const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
  if (track === undefined) throw new DOMException("no audio track", "NotFoundError");
  return track;
}

function wrapSocket(socket: WebSocket): Socket {
  socket.binaryType = "arraybuffer";
  const decoder = new TextDecoder();
  const ours: Socket = {
    onOpen: null,
    onMessage: null,
    onClose: null,
    send(text) {
      if (socket.readyState !== WebSocket.OPEN) throw new Error("the socket is not open");
      socket.send(text);
    },
    close() {
      Object.assign(ours, { onOpen: null, onMessage: null, onClose: null });
      Object.assign(socket, { onopen: null, onmessage: null, onclose: null });
      socket.close();
    },
  };
  socket.onopen = () => ours.onOpen?.();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
    ours.onMessage?.(typeof data === "string" ? data : decoder.decode(data));
  socket.onclose = () => ours.onClose?.();
  // One that was opened ahead has said so already.
  if (socket.readyState === WebSocket.OPEN) queueMicrotask(() => ours.onOpen?.());
  return ours;
}

function wrap(connection: RTCPeerConnection): PeerConnection {
  const ours: PeerConnection = {
    get connectionState() {
      return connection.connectionState;
    },
    get signalingState() {
      return connection.signalingState;
    },
    get iceGatheringState() {
      return connection.iceGatheringState;
    },
    get localDescription() {
      return connection.localDescription;
    },
    get remoteDescription() {
      return connection.remoteDescription;
    },
    onTrack: null,
    onConnectionState: null,
    onGathered: null,
    onCandidate: null,
    getTransceivers: () => connection.getTransceivers().map(toTransceiver),
    addAudioTransceiver: (direction) => toTransceiver(connection.addTransceiver("audio", { direction })),
    createOffer: (options) => connection.createOffer(options),
    setLocalDescription: (description) => connection.setLocalDescription(description),
    addIceCandidate: (candidate) => connection.addIceCandidate(candidate),
    setRemoteDescription: (description) => connection.setRemoteDescription(description),
    getStats: () => connection.getStats(),
    close() {
      Object.assign(ours, { onTrack: null, onConnectionState: null, onGathered: null, onCandidate: null });
      const listeners = { ontrack: null, onconnectionstatechange: null, onicegatheringstatechange: null, onicecandidate: null };
      Object.assign(connection, listeners);
      connection.close();
    },
  };
  connection.ontrack = ({ track }) => ours.onTrack?.(track);
  connection.onconnectionstatechange = () => ours.onConnectionState?.();
  connection.onicegatheringstatechange = () => {
    if (connection.iceGatheringState === "complete") ours.onGathered?.();
  };
  connection.onicecandidate = ({ candidate }) => {
    if (candidate?.type) ours.onCandidate?.(candidate.type);
  };
  return ours;
}

/** Every track that comes here was made by this file, or by the connection itself. */
const browserTrack = (track: AudioTrack): MediaStreamTrack => track as MediaStreamTrack;

function toTransceiver(transceiver: RTCRtpTransceiver): Transceiver {
  const { sender, receiver } = transceiver;
  return {
    get direction() {
      return transceiver.direction;
    },
    set direction(direction) {
      transceiver.direction = direction;
    },
    sender: {
      get track() {
        return sender.track;
      },
      get dtmf() {
        return sender.dtmf;
      },
      replaceTrack: (track) => sender.replaceTrack(browserTrack(track)),
    },
    receiver,
    setCodecPreferences: (codecs) => transceiver.setCodecPreferences(codecs),
  };
}

function createSpeaker(): Speaker {
  const element = new Audio();
  element.autoplay = true;
  const start = (): void => void element.play().catch(() => undefined);
  return {
    play(track) {
      element.srcObject = new MediaStream([browserTrack(track)]);
      // While the microphone is open browsers let a page sound; should one not, the element plays after the next click.
      start();
    },
    resume() {
      if (element.paused && element.srcObject !== null) start();
    },
    async setOutput(deviceId) {
      await element.setSinkId?.(deviceId ?? "");
    },
    close() {
      element.pause();
      element.srcObject = null;
    },
  };
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
