/** What was opened ahead: for a phone that somebody is signed in to, and for a call that goes on. Each is given away once; whoever takes it closes it. */
export interface Spares {
  /** `null`: there is none with these servers. */
  takeConnection(iceServers: readonly RTCIceServer[]): RTCPeerConnection | null;
  /** The browser's default microphone. `null`: none was opened; resolves to `null` where it could not be. */
  takeMicrophone(): Promise<MediaStreamTrack | null> | null;
  /** `null`: none was opened to this address, or it is closed already. Nothing was sent over it. */
  takeSocket(address: string): WebSocket | null;
}

export const NO_SPARES: Spares = { takeConnection: () => null, takeMicrophone: () => null, takeSocket: () => null };
