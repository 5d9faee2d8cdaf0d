import type { HttpBindings } from "@hono/node-server";
import type { Agent } from "../agents/agent.ts";

/** What handlers find in their context. */
export interface Env {
  readonly Bindings: Partial<HttpBindings>;
  Variables: {
    /** Who is signed in; set by `requireAgent`. */
    agent: Agent;
    /** By which session; set by `requireAgent`. */
    sessionId: string;
  };
}
