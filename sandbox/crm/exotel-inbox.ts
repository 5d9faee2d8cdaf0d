/** One callback that Exotel has made to the CRM's server. */
export interface ExotelCallback {
  readonly kind: "popup" | "passthru" | "status";
  /** Epoch ms. */
  readonly at: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const KEPT = 200;

/** What Exotel has told the CRM's server: popups, Passthru calls and status callbacks; from them it knows the recordings. */
export class ExotelInbox {
  readonly #callbacks: ExotelCallback[] = [];
  readonly #recordings = new Map<string, string>();

  add(kind: ExotelCallback["kind"], values: Readonly<Record<string, unknown>>, now: number): void {
    this.#callbacks.push({ kind, at: now, values });
    if (this.#callbacks.length > KEPT) this.#callbacks.shift();
    const { CallSid: sid, RecordingUrl: url } = values;
    if (typeof sid === "string" && typeof url === "string" && URL.canParse(url)) this.#recordings.set(sid, url);
  }

  /** Newest last. */
  all(): readonly ExotelCallback[] {
    return this.#callbacks;
  }

  /** Exotel's address of the recording of a call, where one was told. */
  recordingOf(callSid: string): string | null {
    return this.#recordings.get(callSid) ?? null;
  }
}
