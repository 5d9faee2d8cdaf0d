import type { Direction } from "./sdp.ts";
import type { SourceKind } from "./source.ts";

/** What the network asks of its media process. Each request is answered once, under its number. */
export type MediaRequest =
  /** A peer with an offer of ours. */
  | { readonly type: "open"; readonly peer: string; readonly voice: number }
  /** The other side's answer to our last offer. */
  | { readonly type: "answered"; readonly peer: string; readonly sdp: string }
  /** A new offer of ours (RFC 3264 section 8.4: `receive` false holds the other side). */
  | { readonly type: "reoffer"; readonly peer: string; readonly receive: boolean }
  /** Our last offer was refused. */
  | { readonly type: "refused"; readonly peer: string }
  /** An offer of the other side in an established call. */
  | { readonly type: "offered"; readonly peer: string; readonly sdp: string }
  | { readonly type: "source"; readonly peer: string; readonly source: SourceKind }
  | { readonly type: "stopped"; readonly peer: string; readonly stopped: boolean }
  | { readonly type: "digits"; readonly peer: string; readonly digits: string }
  /** The customer has answered: from here on it hears, and the call is recorded. */
  | { readonly type: "bridge"; readonly peer: string; readonly recording: string }
  /** Answered when the recording is complete on disk. */
  | { readonly type: "close"; readonly peer: string }
  | { readonly type: "usage" };

export interface MediaReply {
  readonly sdp?: string;
  /** The other side's direction in its offer or answer. */
  readonly direction?: Direction;
  /** `digits` went out as RTP events. */
  readonly sent?: boolean;
  /** For `usage`. */
  readonly peers?: number;
  readonly udpSockets?: number;
}

/** What the media process tells by itself. */
export type MediaEvent =
  | {
      readonly type: "heard";
      readonly peer: string;
      readonly packets: number;
      readonly energy: number;
      readonly lastPacketAt: number | null;
    }
  | { readonly type: "digit"; readonly peer: string; readonly digit: string };

export type ToMedia = { readonly id: number; readonly request: MediaRequest };
export type FromMedia =
  | { readonly id: number; readonly reply: MediaReply }
  | { readonly id: number; readonly error: string }
  | { readonly event: MediaEvent };
