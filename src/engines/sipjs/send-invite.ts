import { SessionState } from "sip.js";
import type { Core, Inviter } from "sip.js";
import type { Log } from "../../core/ports.ts";
import { endByResponse, warningCodes } from "./leg-end.ts";
import type { FinalResponse, LegEnd } from "./leg-end.ts";

export interface InviteHooks {
  readonly log: Log;
  /** Nobody waits for an answer any more. */
  isOver(): boolean;
  /** It rings there. */
  progress(earlyMedia: boolean): void;
  refused(end: LegEnd): void;
}

/** Sends the INVITE of an outgoing leg. Rejects where it could not be sent. */
export async function sendInvite(session: Inviter, { log, isOver, progress, refused }: InviteHooks): Promise<void> {
  const failed = ({ message }: { readonly message: FinalResponse }): void => {
    const status = message.statusCode ?? 500;
    refused(endByResponse(status, message.getHeader("Reason") ?? null));
    log.write("info", "call refused", { status, warnings: warningCodes(message.getHeader("Warning") ?? null) });
  };
  const onProgress = ({ message }: Core.IncomingResponse): void => {
    // sip.js tells of it a moment late.
    if (!isOver() && session.state === SessionState.Establishing) progress(message.body !== "");
  };
  await session.invite({ requestDelegate: { onReject: failed, onRedirect: failed, onProgress } });
}
