import { sql, type Kysely } from "kysely";
import type { Migration, MigrationProvider } from "kysely/migration";

/**
 * The tables, in the order in which they came to be. A migration that has shipped is never changed: add another.
 * Written as SQL, because that is what an administrator will look at.
 */
const MIGRATIONS: Readonly<Record<string, readonly string[]>> = {
  "001-agents": [
    `create table agents (
      id text primary key,
      crm_user text not null unique,
      name text not null,
      sign_in_name text unique,
      password_hash text,
      agent_identifier text unique,
      phone_number text,
      caller_id text,
      device text not null check (device in ('sip', 'phone')),
      sip_user text unique,
      click_to_call boolean not null,
      role text not null check (role in ('agent', 'supervisor')),
      active boolean not null,
      event_seq bigint not null default 0,
      created_at bigint not null,
      updated_at bigint not null
    )`,
    `create table sip_credentials (
      agent_id text primary key references agents on delete cascade,
      sealed text not null,
      rotated_at bigint not null
    )`,
    `create table sessions (
      token_hash text primary key,
      agent_id text not null references agents on delete cascade,
      via text not null,
      created_at bigint not null,
      expires_at bigint not null
    )`,
    `create index sessions_by_agent on sessions (agent_id)`,
    `create table used_tokens (jti text primary key, expires_at bigint not null)`,
    `create table invitations (
      token_hash text primary key,
      agent_id text not null references agents on delete cascade,
      expires_at bigint not null,
      used_at bigint
    )`,
    `create table availability (
      id bigint generated always as identity primary key,
      agent_id text not null references agents on delete cascade,
      state text not null,
      reason text,
      since bigint not null
    )`,
    `create index availability_by_agent on availability (agent_id, id desc)`,
    `create table agent_events (
      agent_id text not null references agents on delete cascade,
      seq bigint not null,
      type text not null,
      payload jsonb not null,
      created_at bigint not null,
      primary key (agent_id, seq)
    )`,
    `create table audit (
      id bigint generated always as identity primary key,
      at bigint not null,
      agent_id text,
      action text not null,
      subject text not null
    )`,
  ],
  "002-calls": [
    `create table calls (
      id text primary key,
      agent_id text references agents,
      record jsonb not null,
      remote_digits text not null,
      started_at bigint not null,
      search text not null,
      updated_at bigint not null
    )`,
    `create index calls_by_agent on calls (agent_id, started_at desc, id)`,
    `create table call_keys (key text primary key, call_id text not null references calls)`,
    `create index call_keys_by_call on call_keys (call_id)`,
    `create table call_facts (
      id text primary key,
      call_id text not null references calls,
      source text not null,
      fact jsonb not null,
      received_at bigint not null
    )`,
    `create index call_facts_by_call on call_facts (call_id)`,
    `create table outbox (
      id bigint generated always as identity primary key,
      call_id text not null references calls,
      kind text not null,
      idempotency_key text not null unique,
      state text not null check (state in ('waiting', 'done', 'dead', 'expired')),
      attempts integer not null,
      due_at bigint not null,
      expires_at bigint,
      leased_until bigint not null,
      last_error text,
      result jsonb not null,
      created_at bigint not null,
      updated_at bigint not null
    )`,
    `create table crm_requests (at bigint not null)`,
    `create index outbox_waiting on outbox (due_at) where state = 'waiting'`,
    `create index outbox_by_call on outbox (call_id, id)`,
  ],
  "003-leases": [
    `create table agent_leases (
      agent_id text primary key references agents on delete cascade,
      token bigint not null,
      holder text,
      label text,
      on_call boolean not null,
      expires_at bigint not null
    )`,
  ],
  "004-rate-limits": [`create table rate_limits (key text primary key, count integer not null, ends_at bigint not null)`],
  "004-subscribers": [
    `create table subscribers (
      agent_id text primary key references agents on delete cascade,
      user_name text not null unique,
      state text not null check (state in ('creating', 'ready', 'rotating', 'deleting')),
      is_generated boolean not null,
      sealed_password text,
      busy_until bigint not null,
      updated_at bigint not null
    )`,
  ],
  "005-orphans": [
    `create table orphans (
      call_id text primary key,
      owned bigint not null,
      orphaned bigint not null,
      ended boolean not null,
      due_at bigint,
      leg_sid text,
      exotel_sid text,
      updated_at bigint not null
    )`,
    `create index orphans_due on orphans (due_at) where due_at is not null`,
  ],
  "006-retention": [`create index calls_with_recording on calls (started_at) where jsonb_exists(record, 'recordingUrl')`],
  "007-requests-on-their-way": [`alter table crm_requests add column delivery_id bigint`],
};

export const migrations: MigrationProvider = {
  getMigrations: () =>
    Promise.resolve(
      Object.fromEntries(
        Object.entries(MIGRATIONS).map(([name, statements]): [string, Migration] => [
          name,
          { up: (db: Kysely<unknown>) => runAll(db, statements) },
        ]),
      ),
    ),
};

async function runAll(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
