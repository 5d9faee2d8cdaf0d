import type { SdkConnection, SdkSession, SdkTrack } from "./sdk.ts";

/** The microphone and the speaker of one leg: what its tracks really do. */
export class SessionAudio {
  #live = false;
  readonly #session: SdkSession;

  constructor(session: SdkSession) {
    this.#session = session;
  }

  /** Makes the tracks fit: nothing is sent while muted or held, nothing is heard while held. */
  apply(muted: boolean, held: boolean): void {
    this.#live = !muted && !held;
    const connection = this.#connection();
    for (const { track } of connection?.getSenders() ?? []) if (track !== null) track.enabled = this.#live;
    for (const { track } of connection?.getReceivers() ?? []) if (track !== null) track.enabled = !held;
  }

  /** True unless a sending track is live. */
  isSilent(): boolean {
    return !(this.#connection()?.getSenders() ?? []).some(({ track }) => track?.enabled === true);
  }

  /** Sends another microphone from now on, as muted as the last one: after the SDK's own change it is always live. */
  async replace(track: SdkTrack): Promise<void> {
    track.enabled = this.#live;
    const sender = this.#connection()
      ?.getSenders()
      .find((each) => each.track?.kind === track.kind);
    const last = sender?.track;
    if (sender === undefined || !last) return track.stop();
    await sender.replaceTrack(track);
    track.enabled = this.#live;
    last.stop();
  }

  #connection(): SdkConnection | undefined {
    return this.#session.sessionDescriptionHandler?.peerConnection;
  }
}
