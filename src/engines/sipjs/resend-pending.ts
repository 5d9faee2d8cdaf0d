import { Core } from "sip.js";
import type { UserAgent } from "sip.js";

/** A second one of these does no harm where the first was heard; a second INFO would be a second digit. */
const REPEATABLE: ReadonlySet<string> = new Set(["INVITE", "BYE", "CANCEL"]);
const UNANSWERED: ReadonlySet<string> = new Set([
  Core.TransactionState.Calling,
  Core.TransactionState.Trying,
  Core.TransactionState.Proceeding,
]);

/**
 * Sends what was asked over the socket before and not answered, and what was refused and not acknowledged, once more: it may have been lost with that socket, or its
 * answer. RFC 3261 section 17.1 repeats requests only over UDP and gives others up after 32 s. A call that is being placed
 * is not placed again: who it was for may have heard it.
 *
 * Uses members that sip.js 0.21.2 does not document (`userAgentClients`, `userAgentServers`) or has private
 * (`lastFinalResponse`): `leg-end.test.ts` watches them.
 */
export function resendPending({ userAgentCore, transport }: UserAgent): void {
  for (const { transaction } of userAgentCore.userAgentClients.values()) {
    const { request, state } = transaction;
    const isPlacing = request.method === "INVITE" && !request.toTag;
    if (!REPEATABLE.has(request.method) || !UNANSWERED.has(state) || isPlacing) continue;
    transport.send(request.toString()).catch(() => undefined);
  }
  for (const { transaction } of userAgentCore.userAgentServers.values()) {
    const { lastFinalResponse } = transaction as { readonly lastFinalResponse?: string };
    // A 200 is repeated by sip.js itself.
    if (transaction.state !== Core.TransactionState.Completed || lastFinalResponse === undefined) continue;
    transport.send(lastFinalResponse).catch(() => undefined);
  }
}
