import { createAgentStore, type AgentStore } from "./agents/agent-store.ts";
import { createAvailabilityBook, type AvailabilityBook } from "./agents/availability.ts";
import { createTakeCrmToken, type TakeCrmToken } from "./agents/crm-token.ts";
import { createInvitations, type Invitations } from "./agents/invitations.ts";
import { createSessions, type Sessions } from "./agents/sessions.ts";
import { createSipAccounts, type SipAccounts } from "./agents/sip-accounts.ts";
import type { Configuration } from "./config/read-config.ts";
import { createRateLimit, type RateLimit } from "./http/rate-limit.ts";
import { createAudit, type Audit } from "./storage/audit.ts";
import type { Database } from "./storage/database.ts";
import { createSecretBox } from "./storage/secret-box.ts";

/** What the routes work with, made once. */
export interface Services {
  readonly agents: AgentStore;
  readonly sessions: Sessions;
  readonly invitations: Invitations;
  readonly sipAccounts: SipAccounts;
  readonly availability: AvailabilityBook;
  readonly audit: Audit;
  readonly takeCrmToken: TakeCrmToken | null;
  /** Wrong credentials, by address and name. */
  readonly failures: RateLimit;
}

export interface ServicesParts extends Configuration {
  readonly database: Database;
  readonly now: () => number;
}

const FAILURES = { limit: 10, windowMs: 5 * 60_000 } as const;

export async function createServices({ config, secrets, database, now }: ServicesParts): Promise<Services> {
  const { db } = database;
  const { token, sessionHours, invitationHours } = config.signIn;
  const agents = createAgentStore(db, now);
  return {
    agents,
    sessions: createSessions(db, agents, sessionHours, now),
    invitations: createInvitations(db, invitationHours, now),
    sipAccounts: createSipAccounts(db, createSecretBox(secrets.GATEWAY_ENCRYPTION_KEY), now),
    availability: createAvailabilityBook(db, now),
    audit: createAudit(db, now),
    takeCrmToken: token ? await createTakeCrmToken(db, token, secrets.SIGN_IN_SECRET ?? null, now) : null,
    failures: createRateLimit({ ...FAILURES, now }),
  };
}
