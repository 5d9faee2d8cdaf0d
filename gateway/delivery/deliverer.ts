import type { AgentStore } from "../agents/agent-store.ts";
import type { CallLedger } from "../calls/call-ledger.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Crm, CrmAnswer } from "./crm.ts";
import type { Delivery, Outbox } from "./outbox.ts";
import { DELIVERY_KINDS } from "./plan-deliveries.ts";

/** Takes what is due to the CRM, again and again until it is there. */
export interface Deliverer {
  /** Delivers what is due now; resolves to how many were tried. */
  runOnce(): Promise<number>;
  /** Runs until `stop`, which waits for the deliveries on their way. */
  start(): void;
  stop(): Promise<void>;
}

export interface DelivererParts {
  readonly outbox: Outbox;
  readonly ledger: CallLedger;
  readonly agents: AgentStore;
  readonly crm: Crm;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** How many may be on their way: one that waits for its answer in vain holds up nobody but itself. */
  readonly atOnce: number;
  /** 0 … 1. */
  readonly random: () => number;
}

/** What a dead process had begun is begun again after this time; one that lives holds on to it, however long the CRM takes. */
const LEASE_MS = 3_500;
const RENEW_EVERY_MS = 1_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 3_600_000;
/** After three days a person has to look. */
const GIVE_UP_MS = 3 * 86_400_000;
const LOOK_EVERY_MS = 1_000;

export function createDeliverer(parts: DelivererParts): Deliverer {
  const { outbox, atOnce, log, now, sleep } = parts;
  const onTheirWay = new Set<Promise<void>>();
  let stopping = false;
  let running: Promise<void> = Promise.resolve();
  let busyUntil = 0;
  const deliver = async (delivery: Delivery): Promise<void> => {
    const { answer, held } = await holding(parts, delivery, attempt(parts, delivery));
    if (answer.type === "retry" && answer.all) busyUntil = Math.max(busyUntil, now() + (answer.afterMs ?? 0));
    await settle(parts, held, answer);
  };
  // The database is away: what is in it waits for it.
  const pauses = (error: unknown): void => log.warn({ err: error }, "deliveries pause");
  const begin = async (): Promise<readonly Promise<void>[]> => {
    const room = atOnce - onTheirWay.size;
    const claimed = room === 0 || now() < busyUntil ? [] : await outbox.claim(room, LEASE_MS);
    return claimed.map((delivery) => {
      const work = deliver(delivery)
        .catch(pauses)
        .finally(() => onTheirWay.delete(work));
      onTheirWay.add(work);
      return work;
    });
  };
  const loop = async (): Promise<void> => {
    while (!stopping) {
      const begun = await begin().catch((error: unknown) => {
        pauses(error);
        return [];
      });
      if (onTheirWay.size >= atOnce) await Promise.race(onTheirWay);
      // What has arrived makes way for the next one of its call.
      else if (begun.length === 0 && !stopping) await Promise.race([sleep(LOOK_EVERY_MS), ...onTheirWay]);
    }
    await Promise.all(onTheirWay);
  };
  return {
    async runOnce() {
      const begun = await begin();
      await Promise.all(begun);
      return begun.length;
    },
    start() {
      running = loop();
    },
    async stop() {
      stopping = true;
      await running;
    },
  };
}

/** Renews the lease while the answer is on its way. @returns the answer, and the delivery as it is held in the end. */
async function holding(
  { outbox, log }: DelivererParts,
  delivery: Delivery,
  work: Promise<CrmAnswer>,
): Promise<{ readonly answer: CrmAnswer; readonly held: Delivery }> {
  let held = delivery;
  let renewing: Promise<void> | null = null;
  const renew = async (): Promise<void> => {
    try {
      held = (await outbox.renew(held, LEASE_MS)) ?? held;
    } catch (error) {
      log.warn({ err: error }, "a lease is not renewed");
    } finally {
      renewing = null;
    }
  };
  const timer = setInterval(() => (renewing ??= renew()), RENEW_EVERY_MS);
  const answer = await work.finally(() => clearInterval(timer));
  await renewing;
  return { answer, held };
}

async function attempt({ outbox, ledger, agents, crm, log }: DelivererParts, delivery: Delivery): Promise<CrmAnswer> {
  try {
    const kind = DELIVERY_KINDS.find((name) => name === delivery.kind);
    const call = await ledger.byId(delivery.callId);
    if (!kind || !call) return { type: "refused", reason: "nobody knows what this is" };
    const agent = call.agentId === null ? null : await agents.byId(call.agentId);
    const logResult = await outbox.resultOf(delivery.callId, "call-log");
    return await crm.deliver({ kind, call, agent, progress: delivery.progress, logResult });
  } catch (error) {
    log.error({ err: error, delivery: delivery.id }, "a delivery failed by itself");
    return { type: "retry", reason: "the gateway failed; its log says why" };
  }
}

async function settle({ outbox, metrics, log, now, random }: DelivererParts, delivery: Delivery, answer: CrmAnswer): Promise<void> {
  const { kind } = delivery;
  metrics.count("gateway_deliveries_total", { kind, result: answer.type });
  switch (answer.type) {
    case "done":
      return outbox.done(delivery, answer.result);
    case "pending":
      return outbox.retry(delivery, null, now() + answer.afterMs, answer.progress);
    case "refused":
      log.warn({ delivery: delivery.id, kind, reason: answer.reason }, "the CRM refuses a delivery");
      return outbox.bury(delivery, answer.reason);
    case "retry": {
      if (now() - delivery.createdAt > GIVE_UP_MS) {
        log.warn({ delivery: delivery.id, kind, reason: answer.reason }, "a delivery is given up");
        return outbox.bury(delivery, answer.reason);
      }
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, delivery.attempts - 1));
      const dueAt = now() + Math.round(answer.afterMs ?? wait * (0.5 + random() / 2));
      return outbox.retry(delivery, answer.reason, dueAt, delivery.progress);
    }
  }
}
