import { Core, Grammar, SessionState } from "sip.js";
import type { URI } from "sip.js";
import type { LegRecord } from "../../core/ports.ts";
import type { LegParts } from "./leg-parts.ts";
import { isSdpOrigin } from "./sdp.ts";
import type { SdpOrigin } from "./sdp.ts";

/**
 * A call that is up, as its dialog (RFC 3261 section 12) and the description that we sent last: enough to send a
 * re-INVITE from another page.
 */
export interface DialogRecord {
  readonly kind: "dialog";
  readonly leg: string;
  /** We made the Call-ID. */
  readonly isOurs: boolean;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** 0: we have not sent a request yet. */
  readonly localSequence: number;
  readonly remoteSequence: number | null;
  readonly localUri: string;
  readonly remoteUri: string;
  readonly remoteTarget: string;
  readonly routeSet: readonly string[];
  readonly origin: SdpOrigin | null;
  /** CSeq of a re-INVITE of ours that was sent and whose ACK was not: the far end may wait for it. */
  readonly openInvite: number | null;
}

/** A call that still rings: its INVITE as it came, which another page takes once more. */
export interface RingingRecord {
  readonly kind: "ringing";
  readonly leg: string;
  readonly invite: string;
}

/** All that another page needs to go on with a leg; `null` where none could. */
export function legRecord({ leg, session, invite, isOurs }: LegParts, origin: SdpOrigin | null): DialogRecord | RingingRecord | null {
  const { dialog, state } = session;
  if (state === SessionState.Initial && invite !== null) return { kind: "ringing", leg, invite };
  if (!(dialog instanceof Core.SessionDialog) || dialog.early) return null;
  return dialogRecord(leg, isOurs, dialog, origin);
}

function dialogRecord(leg: string, isOurs: boolean, dialog: Core.SessionDialog, origin: SdpOrigin | null): DialogRecord {
  return {
    kind: "dialog",
    leg,
    isOurs,
    callId: dialog.callId,
    localTag: dialog.localTag,
    remoteTag: dialog.remoteTag,
    localSequence: dialog.localSequenceNumber ?? 0,
    remoteSequence: dialog.remoteSequenceNumber ?? null,
    localUri: dialog.localURI.toRaw(),
    remoteUri: dialog.remoteURI.toRaw(),
    remoteTarget: dialog.remoteTarget.toRaw(),
    routeSet: dialog.routeSet,
    origin,
    openInvite: dialog.reinviteUserAgentClient?.message.cseq ?? null,
  };
}

/**
 * Requests may have left the old page after it wrote its last record. Gaps in CSeq are legal, a number that the far end
 * has seen is answered 500 (RFC 3261 section 12.2.2).
 */
const SEQUENCE_STEP = 20;

/** The dialog as this page goes on with it; `null` where an address in it cannot be read. */
export function dialogState(record: DialogRecord): Core.DialogState | null {
  const { callId, localTag, remoteTag, routeSet, localSequence, remoteSequence } = record;
  const [localURI, remoteURI, remoteTarget] = [record.localUri, record.remoteUri, record.remoteTarget].map(readUri);
  if (!localURI || !remoteURI || !remoteTarget) return null;
  return {
    id: callId + localTag + remoteTag,
    early: false,
    callId,
    localTag,
    remoteTag,
    localSequenceNumber: localSequence + SEQUENCE_STEP,
    remoteSequenceNumber: remoteSequence ?? undefined,
    localURI,
    remoteURI,
    remoteTarget,
    routeSet: [...routeSet],
    secure: false,
  };
}

function readUri(text: string): URI | undefined {
  return Grammar.URIParse(text);
}

/** `null` for anything that this engine did not write. */
export function readLegRecord(value: LegRecord): DialogRecord | RingingRecord | null {
  const { kind, leg, invite, isOurs, origin, routeSet, localSequence, remoteSequence, openInvite } = value;
  if (typeof leg !== "string") return null;
  if (kind === "ringing") return typeof invite === "string" ? { kind, leg, invite } : null;
  const { callId, localTag, remoteTag, localUri, remoteUri, remoteTarget } = value;
  if (kind !== "dialog" || typeof isOurs !== "boolean" || !isStrings(routeSet)) return null;
  if (typeof callId !== "string" || typeof localTag !== "string" || typeof remoteTag !== "string") return null;
  if (typeof localUri !== "string" || typeof remoteUri !== "string" || typeof remoteTarget !== "string") return null;
  if (typeof localSequence !== "number" || (remoteSequence !== null && typeof remoteSequence !== "number")) return null;
  const rest = { callId, localTag, remoteTag, localSequence, remoteSequence, localUri, remoteUri, remoteTarget, routeSet };
  return {
    kind,
    leg,
    isOurs,
    ...rest,
    origin: isSdpOrigin(origin) ? origin : null,
    openInvite: typeof openInvite === "number" ? openInvite : null,
  };
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
