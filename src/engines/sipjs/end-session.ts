import { Invitation, SessionState } from "sip.js";
import type { Inviter } from "sip.js";

/** Ends a session by what its state asks for: BYE, CANCEL, or a final answer with `rejection`. */
export async function endSession(session: Invitation | Inviter, rejection: number): Promise<void> {
  if (session.state === SessionState.Established) await session.bye();
  else if (session.state === SessionState.Initial || session.state === SessionState.Establishing) {
    await (session instanceof Invitation ? session.reject({ statusCode: rejection }) : session.cancel());
  }
}
