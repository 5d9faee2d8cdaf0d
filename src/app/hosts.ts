import type { Clock, Host, Log } from "../core/ports.ts";
import type { Hints } from "../ui/screen-state.ts";
import { chooseHost } from "../hosts/choose.ts";
import { readLeadsquaredHints } from "../hosts/leadsquared-hints.ts";
import type { Config } from "../protocol/config.ts";

export interface HostNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
}

export type AgentHints = Pick<Hints, "sipId" | "notMerged">;

export type HostMaker = (needs: HostNeeds) => Host;

/**
 * The page around us, its code fetched on its own: a CRM never ships another CRM's code. The fetch starts at once; who
 * may talk to the phone is known with the configuration. `null`: there is no page around us.
 */
export async function fetchHost(frame: Window): Promise<HostMaker | null> {
  switch (chooseHost(frame.location.href, frame.parent !== frame)) {
    case "post-message": {
      const { createPostMessageHost } = await import("../hosts/post-message/host.ts");
      return ({ config, ...needs }) =>
        createPostMessageHost({
          world: frame,
          allowedOrigins: config.host.allowedOrigins,
          requestTimeoutMs: config.host.requestTimeoutSeconds * 1_000,
          ...needs,
        });
    }
    case "leadsquared": {
      const { createLeadsquaredHost } = await import("../hosts/leadsquared.ts");
      return () => createLeadsquaredHost();
    }
    default:
      return null;
  }
}

/** What the address says about the agent, for the sign-in form: only LeadSquared's Agent Panel says anything. */
export function agentHints({ location, parent, self }: Window): AgentHints {
  if (chooseHost(location.href, parent !== self) !== "leadsquared") return {};
  const { sipId, notMerged } = readLeadsquaredHints(location.href);
  return { sipId: sipId ?? undefined, notMerged };
}
