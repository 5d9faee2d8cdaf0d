import type { Clock, Host, Log } from "../core/ports.ts";
import { chooseHost } from "../hosts/choose.ts";
import type { Config } from "../protocol/config.ts";

export interface HostNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
}

export type HostMaker = (needs: HostNeeds) => Host;

/**
 * The page around us, its code fetched on its own: a CRM never ships another CRM's code. The fetch starts at once; who
 * may talk to the phone is known with the configuration.
 */
export async function fetchHost(frame: Window): Promise<HostMaker> {
  const { location, history } = frame;
  switch (chooseHost(location.href, frame.parent !== frame)) {
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
      return () => createLeadsquaredHost({ location });
    }
    default: {
      const { createStandaloneHost } = await import("../hosts/standalone.ts");
      return () => createStandaloneHost({ location, history });
    }
  }
}
