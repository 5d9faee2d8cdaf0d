import type { HttpBindings } from "@hono/node-server";
import type { Agent } from "../agents/agent.ts";

/** What handlers find in their context. */
export interface Env {
  readonly Bindings: Partial<HttpBindings>;
  Variables: {
    /** Who is signed in; set by `requireAgent`, as the next. */
    agent: Agent;
    /** Epoch ms at which the session is over. */
    signedInUntil: number;
    /** By which session; set by `requireAgent`. */
    sessionId: string;
  };
}
