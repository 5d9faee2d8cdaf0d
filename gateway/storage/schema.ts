import type { ColumnType, Generated } from "kysely";

/** Every table as Kysely sees it. Times are epoch milliseconds, ids UUIDs of ours unless a comment says otherwise. */
export interface Schema {
  readonly agents: AgentRow;
  readonly sip_credentials: SipCredentialRow;
  readonly sessions: SessionRow;
  readonly used_tokens: UsedTokenRow;
  readonly invitations: InvitationRow;
  readonly calls: CallRow;
  readonly call_keys: CallKeyRow;
  readonly call_facts: CallFactRow;
  readonly agent_events: AgentEventRow;
  readonly outbox: OutboxRow;
  /** `at`: until when it is on its way, then when it was answered. */
  readonly crm_requests: { at: number; delivery_id: number | null };
  readonly orphans: OrphanRow;
  readonly audit: AuditRow;
  readonly availability: AvailabilityRow;
  readonly agent_leases: LeaseRow;
  readonly subscribers: SubscriberRow;
  readonly rate_limits: RateLimitRow;
}

/** JSON is written as text and read as a value that its reader has to check. */
type Json = ColumnType<unknown, string, string>;

export interface AgentRow {
  id: string;
  /** The CRM's own id of the user. */
  crm_user: string;
  name: string;
  /** What the agent types to sign in with a password; null: no password sign-in. */
  sign_in_name: string | null;
  /** scrypt, see `password.ts`. */
  password_hash: string | null;
  /** `AgentId` of LeadSquared's User-Agent Mapping. */
  agent_identifier: string | null;
  /** Telephone of the agent, for the device `phone` and for matching callbacks. */
  phone_number: string | null;
  caller_id: string | null;
  device: "sip" | "phone";
  sip_user: string | null;
  click_to_call: boolean;
  role: "agent" | "supervisor";
  active: boolean;
  /** Number of the newest event of this agent's stream. */
  event_seq: Generated<number>;
  created_at: number;
  updated_at: number;
}

export interface SipCredentialRow {
  agent_id: string;
  /** User name, password, domain and proxy, sealed with AES-256-GCM. */
  sealed: string;
  rotated_at: number;
}

export interface SessionRow {
  /** SHA-256 of the token: the table opens nothing. */
  token_hash: string;
  agent_id: string;
  via: string;
  created_at: number;
  expires_at: number;
}

/** `jti` of every CRM token that was taken, until it has expired anyway. */
export interface UsedTokenRow {
  jti: string;
  expires_at: number;
}

export interface InvitationRow {
  token_hash: string;
  agent_id: string;
  expires_at: number;
  used_at: number | null;
}

export interface CallRow {
  id: string;
  agent_id: string | null;
  /** The merged record (`call-record.ts`). */
  record: Json;
  /** Digits of the customer's number, for searching. */
  remote_digits: string;
  started_at: number;
  /** What the history searches besides the number, lower case. */
  search: string;
  updated_at: number;
}

/** By what names a call is known: `exotel:<CallSid>`, `ours:<callId>`. */
export interface CallKeyRow {
  key: string;
  call_id: string;
}

/** What was reported about a call, as it came; the record can be made again from these. */
export interface CallFactRow {
  /** Hash of source and content: the same report twice is one row. */
  id: string;
  call_id: string;
  source: string;
  fact: Json;
  received_at: number;
}

/** What an agent's widget has to hear, numbered without gaps per agent. */
export interface AgentEventRow {
  agent_id: string;
  seq: number;
  type: string;
  payload: Json;
  created_at: number;
}

export interface OutboxRow {
  id: Generated<number>;
  call_id: string;
  kind: string;
  /** One delivery each, however often it is asked for. */
  idempotency_key: string;
  state: "waiting" | "done" | "dead" | "expired";
  attempts: number;
  /** Not before. */
  due_at: number;
  /** Not after; null: no matter how late. */
  expires_at: number | null;
  /** Somebody is delivering it until then. */
  leased_until: number;
  last_error: string | null;
  result: Json;
  created_at: number;
  updated_at: number;
}

export interface AuditRow {
  id: Generated<number>;
  at: number;
  agent_id: string | null;
  action: string;
  subject: string;
}

/** One row a change: the newest is the present. */
export interface AvailabilityRow {
  id: Generated<number>;
  agent_id: string;
  state: string;
  reason: string | null;
  since: number;
}

/** Which of an agent's pages is registered. */
export interface LeaseRow {
  agent_id: string;
  /** Grows with every change of hands; the row stays, so that it never begins again. */
  token: number;
  /** Null: released. */
  holder: string | null;
  label: string | null;
  on_call: boolean;
  expires_at: number;
}

/** A SIP subscriber of ours at Exotel. Written before Exotel is asked, so that a crash in between is found and finished. */
export interface SubscriberRow {
  agent_id: string;
  user_name: string;
  state: "creating" | "ready" | "rotating" | "deleting";
  /** The name is of our making: nobody else's subscriber can have it. */
  is_generated: boolean;
  /** The password that Exotel has been or is being given, sealed, until it has said so; then it is in `sip_credentials`. */
  sealed_password: string | null;
  /** Some request works on it until then. */
  busy_until: number;
  updated_at: number;
}

/** What somebody may do so often in so long, and has done. */
export interface RateLimitRow {
  /** SHA-256 of the limit's name and of whom it counts. */
  key: string;
  count: number;
  /** The window is over. */
  ends_at: number;
}
/** Who looks after a call that is up (`docs/gateway-protocol.md`). */
export interface OrphanRow {
  /** The widget's own id. */
  call_id: string;
  /** Highest epochs heard of; -1 before the first. */
  owned: number;
  orphaned: number;
  ended: boolean;
  /** It is ended then, unless somebody takes it up; null: nobody has left it. */
  due_at: number | null;
  leg_sid: string | null;
  exotel_sid: string | null;
  updated_at: number;
}
