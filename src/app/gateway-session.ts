import { tidyAccount } from "../core/account.ts";
import type { Log, Vault } from "../core/ports.ts";
import type { AgentSession } from "../gateway-client/agent-server.ts";
import type { Config } from "../protocol/config.ts";
import { systemClock } from "./clock.ts";

interface SessionParts {
  readonly config: Config;
  readonly log: Log & { hide(secret: string): void };
}

/** The gateway that knows the agents, its code fetched only where one is configured; `null` where none is. */
export async function openGatewaySession({ config, log }: SessionParts): Promise<AgentSession | null> {
  if (config.gateway?.signIn !== true) return null;
  const { createAgentServer } = await import("../gateway-client/agent-server.ts");
  return createAgentServer({
    url: config.gateway.url,
    send: fetch.bind(globalThis),
    keepsCookie: config.staySignedIn && keepsCookies(document),
    clock: systemClock,
    random: Math.random,
    log,
    hide: log.hide,
  });
}

/** In the place of an account on this device: the session brings it, and it is kept nowhere but in memory. */
export function createSessionVault(session: Pick<AgentSession, "account" | "signOut">, config: Config): Vault {
  return {
    load: async () => {
      const fields = await session.account();
      return fields === null ? null : tidyAccount(fields, config);
    },
    save: async () => {},
    clear: () => session.signOut(),
  };
}

/** Whether a cookie like the gateway's would be kept in this frame: some browsers refuse every one of a page inside another. */
export function keepsCookies(page: Pick<Document, "cookie">): boolean {
  const attributes = "Path=/; Secure; SameSite=None; Partitioned";
  page.cookie = `__Host-gateway-probe=1; ${attributes}; Max-Age=10`;
  const isKept = page.cookie.includes("__Host-gateway-probe=1");
  page.cookie = `__Host-gateway-probe=; ${attributes}; Max-Age=0`;
  return isKept;
}
