import { NameAddrHeader } from "sip.js";
import type { Core } from "sip.js";

/** A dialog as a Replaces header names it, from its sender's side (RFC 3891 section 6.1). */
export interface Replaces {
  readonly callId: string;
  /** Of the party that is asked to replace the dialog. */
  readonly toTag: string;
  readonly fromTag: string;
}

/** Where a REFER wants the far end to go. */
export interface ReferTarget {
  readonly number: string;
  /** Attended: the call to take over there. */
  readonly replaces: Replaces | null;
}

/** `null` unless there is exactly one Refer-To that can be understood (RFC 3515 section 2.4.2). */
export function readReferTo(message: Core.IncomingRequestMessage): ReferTarget | null {
  if (message.getHeaders("Refer-To").length !== 1) return null;
  const referTo: unknown = message.parseHeader("Refer-To");
  if (!(referTo instanceof NameAddrHeader)) return null;
  try {
    const [replaces] = referTo.uri.getHeader("Replaces") ?? [];
    const number = decodeURIComponent(referTo.uri.user ?? "");
    if (replaces === undefined) return number === "" ? null : { number, replaces: null };
    const read = readReplaces(decodeURIComponent(replaces));
    return read === null ? null : { number, replaces: read };
  } catch {
    return null;
  }
}

function readReplaces(text: string): Replaces | null {
  const [callId = "", ...parameters] = text.split(";").map((part) => part.trim());
  const tag = (name: string): string => parameters.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const [toTag, fromTag] = [tag("to-tag"), tag("from-tag")];
  return callId === "" || toTag === "" || fromTag === "" ? null : { callId, toTag, fromTag };
}

/**
 * The NOTIFY that tells how a reference goes (RFC 3515 section 2.4.4): a final status ends the subscription.
 *
 * @param cseq  of the REFER, which tells several of one dialog apart (section 2.4.6).
 */
export function notifyOptions(status: number, reason: string, cseq: number, contact: string): Core.RequestOptions {
  const state = status < 200 ? "active;expires=60" : "terminated;reason=noresource";
  return {
    extraHeaders: [`Event: refer;id=${cseq}`, `Subscription-State: ${state}`, `Contact: ${contact}`],
    body: { contentDisposition: "render", contentType: "message/sipfrag;version=2.0", content: `SIP/2.0 ${status} ${reason}\r\n` },
  };
}
