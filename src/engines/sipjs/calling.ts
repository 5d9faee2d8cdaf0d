import type { Core } from "sip.js";
import type { Log } from "../../core/ports.ts";
import { endByResponse, warningCodes } from "./leg-end.ts";
import type { FinalResponse, LegEnd } from "./leg-end.ts";

export interface CallingHooks {
  readonly log: Log;
  refused(end: LegEnd): void;
  /** It rings there; `earlyMedia`: with a sound of its own. */
  progress(earlyMedia: boolean): void;
}

/** What the answers to an INVITE of ours mean, until one accepts it. */
export function callingDelegate({ log, refused, progress }: CallingHooks): Core.OutgoingInviteRequestDelegate {
  const failed = ({ message }: { readonly message: FinalResponse }): void => {
    const status = message.statusCode ?? 500;
    refused(endByResponse(status, message.getHeader("Reason") ?? null));
    log.write("info", "call refused", { status, warnings: warningCodes(message.getHeader("Warning") ?? null) });
  };
  return { onReject: failed, onRedirect: failed, onProgress: ({ message }) => progress(message.body !== "") };
}
