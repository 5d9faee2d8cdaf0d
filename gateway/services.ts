import { isSupportedCountry, type CountryCode } from "libphonenumber-js/min";
import type { Config } from "../src/protocol/config.ts";
import { createAgentStore, type AgentStore } from "./agents/agent-store.ts";
import { createAvailabilityBook, type AvailabilityBook } from "./agents/availability.ts";
import { createTakeCrmToken, type TakeCrmToken } from "./agents/crm-token.ts";
import { createInvitations, type Invitations } from "./agents/invitations.ts";
import { createLeases, type Leases } from "./agents/leases.ts";
import { createSessions, type Sessions } from "./agents/sessions.ts";
import { createSignInLimits, type SignInLimits } from "./agents/sign-in-limits.ts";
import { createSipAccounts, type SipAccounts } from "./agents/sip-accounts.ts";
import { createSubscribers, type Subscribers } from "./agents/subscribers.ts";
import { callChanges } from "./calls/call-changes.ts";
import { createCallLedger, type CallLedger } from "./calls/call-ledger.ts";
import type { Configuration } from "./config/read-config.ts";
import type { Crm } from "./delivery/crm.ts";
import { createDeliverer, type Deliverer } from "./delivery/deliverer.ts";
import { createOutbox, type Outbox } from "./delivery/outbox.ts";
import { createAgentEvents, type AgentEvents } from "./events/agent-events.ts";
import { createStreamRound, type StreamRound } from "./events/stream-round.ts";
import { createCallbackSignature, type CallbackSignature } from "./exotel/callback-signature.ts";
import { createExotelClient, type ExotelClient } from "./exotel/exotel-client.ts";
import { createAskExotel } from "./exotel/exotel-http.ts";
import { createLegApi, type LegApi } from "./exotel/leg-api.ts";
import { createSubscriberApi } from "./exotel/subscriber-api.ts";
import { createRequestLimit, type RequestLimit } from "./http/request-limit.ts";
import { createRateLimit, sweepRateLimits, type RateLimit } from "./http/rate-limit.ts";
import { createOwnerOf, type OwnerOf } from "./leadsquared/lead-route.ts";
import { createLeadSquaredCrm } from "./leadsquared/leadsquared-crm.ts";
import type { Log } from "./log/log.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { createOrphans, type Orphans } from "./orphans/orphans.ts";
import { forgetOldRecordings } from "./recordings/retention.ts";
import { createFetchRecording, type FetchRecording } from "./recordings/recording-source.ts";
import { createAudit, type Audit } from "./storage/audit.ts";
import type { Database } from "./storage/database.ts";
import { createSecretBox } from "./storage/secret-box.ts";

/** What the routes work with, made once. */
export interface Services {
  readonly agents: AgentStore;
  readonly sessions: Sessions;
  readonly invitations: Invitations;
  readonly sipAccounts: SipAccounts;
  /** Null: SIP accounts are entered by hand. */
  readonly subscribers: Subscribers | null;
  readonly availability: AvailabilityBook;
  readonly leases: Leases;
  readonly audit: Audit;
  readonly takeCrmToken: TakeCrmToken | null;
  readonly signInLimits: SignInLimits;
  /** Wrong tokens and passwords of servers, by address. */
  readonly failures: RateLimit;
  /** Requests of one agent who is signed in. */
  readonly requests: RequestLimit;
  readonly sweepLimits: () => Promise<void>;
  /** @returns how many recordings were forgotten. */
  readonly sweepRecordings: () => Promise<number>;
  readonly events: AgentEvents;
  readonly streams: StreamRound;
  readonly outbox: Outbox;
  readonly ledger: CallLedger;
  /** Null: this deployment has no LeadSquared. */
  readonly ownerOf: OwnerOf | null;
  readonly exotel: ExotelClient;
  readonly orphans: Orphans;
  readonly legs: LegApi;
  readonly signature: CallbackSignature;
  readonly fetchRecording: FetchRecording;
  /** Null: this deployment delivers to no CRM. */
  readonly deliverer: Deliverer | null;
}

export interface ServicesParts extends Configuration {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly widgetConfig: Config;
  readonly now: () => number;
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Far more than a widget ever needs in a minute. */
const REQUESTS = { limit: 600, windowMs: 60_000 } as const;
const FAILURES = { limit: 10, windowMs: 5 * 60_000 } as const;

export async function createServices(parts: ServicesParts): Promise<Services> {
  const { config, secrets, database, now } = parts;
  const { db } = database;
  const { token, sessionHours, invitationHours } = config.signIn;
  const agents = createAgentStore(db, now);
  const events = await createAgentEvents(database, now);
  // Without a CRM there is nothing to count.
  const { requestsPer5Seconds } = config.leadsquared ?? { requestsPer5Seconds: 1 };
  const outbox = createOutbox(db, now, requestsPer5Seconds);
  const onChange = callChanges({ events, outbox, leadsquared: config.leadsquared, now });
  const credentials = { key: secrets.EXOTEL_API_KEY, token: secrets.EXOTEL_API_TOKEN };
  const ask = createAskExotel({ ...parts, config: config.exotel, credentials });
  const exotel = createExotelClient(config.exotel, ask);
  const legs = createLegApi(config.exotel, ask);
  const box = createSecretBox(secrets.GATEWAY_ENCRYPTION_KEY);
  const sipAccounts = createSipAccounts(db, box, now);
  const audit = createAudit(db, now);
  const ledger = createCallLedger({ db, agents, now, onChange });
  const crm = crmOf(parts);
  return {
    events,
    streams: createStreamRound({ ...parts, db, events }),
    outbox,
    ledger,
    deliverer:
      crm && createDeliverer({ ...parts, outbox, ledger, agents, crm, atOnce: Math.ceil(requestsPer5Seconds / 4), random: Math.random }),
    ownerOf: leadOwners(parts, agents, outbox),
    exotel,
    orphans: createOrphans({ ...parts, db, ledger, legs }),
    legs,
    subscribers: config.exotel.subscribers
      ? createSubscribers({ db, api: createSubscriberApi(config.exotel, ask), box, sipAccounts, events, audit, config: config.exotel, now })
      : null,
    fetchRecording: createFetchRecording({ ...parts, config: config.exotel, credentials }),
    signature: createCallbackSignature(secrets.GATEWAY_ENCRYPTION_KEY),
    agents,
    sessions: createSessions(db, agents, sessionHours, now),
    invitations: createInvitations(db, invitationHours, now),
    sipAccounts,
    availability: createAvailabilityBook(db, now),
    leases: createLeases({ db, events, now }),
    audit,
    takeCrmToken: token ? await createTakeCrmToken(db, token, secrets.SIGN_IN_SECRET ?? null, now) : null,
    signInLimits: createSignInLimits(db, now),
    failures: createRateLimit({ ...FAILURES, name: "failures", db, now }),
    requests: createRequestLimit({ ...REQUESTS, now }),
    sweepRecordings: () => forgetOldRecordings({ db, keepDays: config.recordings.keepDays, now }),
    sweepLimits: () => sweepRateLimits(db, now()),
  };
}

function countryOf({ dialing }: Config): CountryCode {
  return isSupportedCountry(dialing.country) ? dialing.country : "IN";
}

function leadOwners(parts: ServicesParts, agents: AgentStore, outbox: Outbox): OwnerOf | null {
  const { config, secrets, widgetConfig, fetch, log } = parts;
  const { leadsquared } = config;
  if (!leadsquared) return null;
  const country = countryOf(widgetConfig);
  return createOwnerOf({ config: leadsquared, orgKey: secrets.LEADSQUARED_ORG_KEY ?? "", country, agents, outbox, fetch, log });
}

function crmOf({ config, secrets, widgetConfig, fetch }: ServicesParts): Crm | null {
  const { leadsquared, publicUrl, exotel } = config;
  if (!leadsquared) return null;
  return createLeadSquaredCrm({
    config: leadsquared,
    country: countryOf(widgetConfig),
    publicUrl,
    callerIds: exotel.callerIds,
    secrets: {
      orgKey: secrets.LEADSQUARED_ORG_KEY ?? "",
      apiKey: secrets.LEADSQUARED_API_KEY ?? null,
      accessKey: secrets.LEADSQUARED_ACCESS_KEY ?? null,
      secretKey: secrets.LEADSQUARED_SECRET_KEY ?? null,
    },
    fetch,
  });
}
