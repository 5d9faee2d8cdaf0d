import type { CallLedger, LedgerEntry } from "../calls/call-ledger.ts";
import { ORPHAN_GRACE_MS, type GatewayPayload, type OrphanState } from "../../src/protocol/gateway.ts";
import { hearOwner, ownershipState, type Ownership, UNHEARD } from "../../src/protocol/ownership.ts";
import { GatewayError } from "../errors.ts";
import type { LegApi } from "../exotel/leg-api.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Db } from "../storage/database.ts";
import type { OrphanRow } from "../storage/schema.ts";

/** Calls that every page of their agent may have left; any process of the gateway may hear of one, and end it. */
export interface Orphans {
  /** Null: nobody knows this call, or it is another one's id. */
  orphaned(message: GatewayPayload<"orphaned">): Promise<OrphanState | null>;
  owned(message: GatewayPayload<"owned">): Promise<OrphanState>;
  /** Ends what is due now; resolves to how many that were. */
  runOnce(): Promise<number>;
  /** Runs until `stop`. */
  start(): void;
  stop(): Promise<void>;
  sweep(): Promise<void>;
}

export interface OrphansParts {
  readonly db: Db;
  readonly ledger: Pick<CallLedger, "byId" | "byExotelSid">;
  readonly legs: Pick<LegApi, "endLeg">;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const LOOK_EVERY_MS = 500;
const KEPT_MS = 6 * 3_600_000;
const AT_ONCE = 50;
/** Exotel is asked again after 1, 2, 4 and 8 s: a customer may still sit in silence. */
const MOST_TRIES = 5;
const FIRST_AGAIN_MS = 1_000;

export function createOrphans(parts: OrphansParts): Orphans {
  const { db, log, now, sleep } = parts;
  let stopping = false;
  let running: Promise<void> = Promise.resolve();
  /** Failures of this process, by call. */
  const failures = new Map<string, number>();
  const tryToEnd = async (row: OrphanRow): Promise<void> => {
    const failed = (failures.get(row.call_id) ?? 0) + 1;
    const isOver = (await end(parts, row, failed === MOST_TRIES)) === "done";
    if (isOver) return void failures.delete(row.call_id);
    failures.set(row.call_id, failed);
    await postpone(db, row.call_id, now() + FIRST_AGAIN_MS * 2 ** (failed - 1));
  };
  const runOnce = async (): Promise<number> => {
    const rows = await claim(db, now());
    for (const row of rows) await tryToEnd(row);
    return rows.length;
  };
  const loop = async (): Promise<void> => {
    while (!stopping) {
      await runOnce().catch((error: unknown) => log.warn({ err: error }, "orphaned calls wait"));
      await sleep(LOOK_EVERY_MS);
    }
  };
  return {
    async orphaned(message) {
      const call = await callOf(parts, message);
      if (call === null) return null;
      if (call.view.isOver) return "ended";
      return hear(parts, message.callId, "orphaned", message.epoch, {
        leg_sid: message.exotelLegSid,
        exotel_sid: call.view.exotelSid ?? message.exotelCallSid,
      });
    },
    owned: ({ callId, epoch }) => {
      failures.delete(callId);
      return hear(parts, callId, "owned", epoch, {});
    },
    runOnce,
    start() {
      running = loop();
    },
    async stop() {
      stopping = true;
      await running;
    },
    async sweep() {
      await db
        .deleteFrom("orphans")
        .where("updated_at", "<", now() - KEPT_MS)
        .execute();
    },
  };
}

/** By our own id where this gateway placed it, else by Exotel's; the two must not name different calls. */
async function callOf({ ledger }: OrphansParts, { callId, exotelCallSid }: GatewayPayload<"orphaned">): Promise<LedgerEntry | null> {
  const ours = await ledger.byId(callId);
  if (ours === null) return exotelCallSid === null ? null : ledger.byExotelSid(exotelCallSid);
  const isOther = exotelCallSid !== null && ours.view.exotelSid !== null && ours.view.exotelSid !== exotelCallSid;
  return isOther ? null : ours;
}

type Names = Partial<Pick<OrphanRow, "leg_sid" | "exotel_sid">>;

function hear({ db, now }: OrphansParts, callId: string, message: "orphaned" | "owned", epoch: number, names: Names): Promise<OrphanState> {
  return db.transaction().execute(async (trx) => {
    const fresh = { call_id: callId, ...UNHEARD, due_at: null, leg_sid: null, exotel_sid: null, updated_at: now() };
    await trx
      .insertInto("orphans")
      .values(fresh)
      .onConflict((conflict) => conflict.column("call_id").doNothing())
      .execute();
    // Two messages about one call at once, on two processes: the second waits for the first.
    const before = await trx.selectFrom("orphans").selectAll().where("call_id", "=", callId).forUpdate().executeTakeFirstOrThrow();
    const { after, grace } = hearOwner(before, message, epoch);
    const { owned, orphaned, ended }: Ownership = after;
    const due = { begins: now() + ORPHAN_GRACE_MS, stops: null, "as-it-was": before.due_at }[grace];
    const given = grace === "begins" ? names : {};
    await trx
      .updateTable("orphans")
      .set({ owned, orphaned, ended, due_at: due, updated_at: now(), ...given })
      .where("call_id", "=", callId)
      .execute();
    return ownershipState(after);
  });
}

/** Marked as ended in the statement that finds them: no other process ends them again. */
function claim(db: Db, at: number): Promise<OrphanRow[]> {
  return db
    .updateTable("orphans")
    .set({ ended: true, due_at: null, updated_at: at })
    .where("call_id", "in", (eb) =>
      eb.selectFrom("orphans").select("call_id").where("due_at", "<=", at).orderBy("due_at").limit(AT_ONCE).forUpdate().skipLocked(),
    )
    .returningAll()
    .execute();
}

/** It could not be ended just now: due once more. */
async function postpone(db: Db, callId: string, at: number): Promise<void> {
  await db.updateTable("orphans").set({ ended: false, due_at: at }).where("call_id", "=", callId).where("ended", "=", true).execute();
}

/** @param isLastTry  whatever goes wrong now, it is given up. */
async function end({ ledger, legs, log, metrics }: OrphansParts, row: OrphanRow, isLastTry: boolean): Promise<"done" | "again"> {
  const call = row.exotel_sid === null ? await ledger.byId(row.call_id) : await ledger.byExotelSid(row.exotel_sid);
  const settle = (result: "over" | "ended" | "not-ended" | "failed"): "done" => {
    metrics.count("gateway_orphans_total", { result });
    return "done";
  };
  if (call?.view.isOver === true) return settle("over");
  if (legs.endLeg === null || row.leg_sid === null) {
    log.warn({ call: row.call_id }, "a call that every page has left cannot be ended here: exotel.legs or the leg's id is missing");
    return settle("not-ended");
  }
  try {
    await legs.endLeg(row.leg_sid);
    log.info({ call: row.call_id }, "a call that every page had left is ended");
    return settle("ended");
  } catch (error) {
    log.warn({ err: error, call: row.call_id }, "a call that every page has left could not be ended");
    const isPassing = error instanceof GatewayError && error.code === "exotel-unavailable";
    return isPassing && !isLastTry ? "again" : settle("failed");
  }
}
