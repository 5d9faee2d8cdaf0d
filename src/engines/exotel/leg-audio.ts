import type { SdkConnection, SdkSession, SdkTrack } from "./sdk.ts";

/** The microphone and the speaker of one leg: what its tracks really do. */
export interface LegAudio {
  /** Makes the tracks fit: nothing is sent while muted or held, nothing is heard while held. */
  apply(muted: boolean, held: boolean): void;
  /** True unless a sending track is live. */
  isSilent(): boolean;
  /** Sends another microphone from now on; as muted as the last one. */
  replace(track: SdkTrack): Promise<void>;
}

export function createLegAudio(session: SdkSession): LegAudio {
  let live = false;
  const connection = (): SdkConnection | undefined => session.sessionDescriptionHandler?.peerConnection;
  const senders = () => connection()?.getSenders() ?? [];
  return {
    apply(muted, held) {
      live = !muted && !held;
      for (const { track } of senders()) if (track !== null) track.enabled = live;
      for (const { track } of connection()?.getReceivers() ?? []) if (track !== null) track.enabled = !held;
    },
    isSilent: () => !senders().some(({ track }) => track?.enabled === true),
    async replace(track) {
      // Before it is sent: the SDK's own change of microphone is live even while the agent is muted.
      track.enabled = live;
      const sender = senders().find((each) => each.track?.kind === track.kind);
      const last = sender?.track;
      if (sender === undefined || !last) return track.stop();
      await sender.replaceTrack(track);
      track.enabled = live;
      last.stop();
    },
  };
}
