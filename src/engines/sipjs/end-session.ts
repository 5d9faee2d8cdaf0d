import { Invitation, Inviter, SessionState } from "sip.js";
import type { LegSession } from "./leg-parts.ts";

/** Ends a session by what its state asks for: BYE, CANCEL, or a final answer with `rejection`. */
export async function endSession(session: LegSession, rejection: number): Promise<void> {
  const { state } = session;
  if (state === SessionState.Established) await session.bye();
  else if (state !== SessionState.Initial && state !== SessionState.Establishing) return;
  else if (session instanceof Invitation) await session.reject({ statusCode: rejection });
  else if (session instanceof Inviter) await session.cancel();
}
