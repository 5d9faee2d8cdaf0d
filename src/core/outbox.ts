import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import type { CallLog } from "../protocol/call.ts";
import { type Desk, codeOf } from "./desk.ts";
import type { PhoneErrorCode } from "./errors.ts";
import { type StoredLog, readLog } from "./stored.ts";

const PREFIX = "outbox:";
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
/** What says nothing about this log and everything about the next one. */
const NOBODY_THERE: ReadonlySet<PhoneErrorCode> = new Set(["host-silent", "gateway-silent", "session-over"]);

/** Call logs on their way to the gateway, where there is one, and to the host: kept until acknowledged, told apart by their id. */
export interface Outbox {
  readonly waiting: ReadonlySignal<number>;
  /** Resolves when the log is kept, to whether that is durable; not when it is delivered. */
  add(log: CallLog): Promise<boolean>;
  /** Takes up what an earlier page left of the agent of now. Resolves to the logs that were on their way, by their ids: some may be delivered by then. */
  load(): Promise<ReadonlyMap<string, CallLog>>;
  /** Tries all again at once. */
  flush(): void;
  /** Another tab delivers from now on, or another agent works here. */
  release(): void;
}

/** @param onDelivered  the host has it, or nobody ever will. */
export function createOutbox(desk: Desk, onDelivered: (logId: string) => void): Outbox {
  const logs = signal<ReadonlyMap<string, CallLog>>(new Map());
  let running = false;
  let again = false;
  let failures = 0;
  let stopTimer = () => {};
  desk.scope.add(() => stopTimer());
  desk.scope.add(desk.ports.host.onConnected(() => flush()));

  const acknowledged = (logId: string): void => {
    logs.value = new Map([...logs.peek()].filter(([id]) => id !== logId));
    void desk.writer.put(PREFIX + logId, undefined);
    onDelivered(logId);
  };
  const round = async (): Promise<void> => {
    let failed = false;
    for (const log of logs.peek().values()) {
      if (desk.scope.isClosed()) return;
      // Let go of while another was on its way: nobody's call is handed over in the name of the next agent.
      if (!logs.peek().has(log.logId)) continue;
      const result = await deliver(desk, log);
      if (result === null) acknowledged(log.logId);
      failed ||= result !== null;
      if (result !== null && NOBODY_THERE.has(result)) break;
    }
    failures = failed ? failures + 1 : 0;
    if (failed && !desk.scope.isClosed()) stopTimer = desk.ports.clock.after(retryMs(failures), () => void run());
  };
  // One round at a time, so that no log is sent twice at once.
  const run = async (): Promise<void> => {
    again = running;
    if (running || desk.scope.isClosed()) return;
    running = true;
    stopTimer();
    await round();
    running = false;
    if (again) await run();
  };
  const flush = (): void => {
    failures = 0;
    if (logs.peek().size > 0) void run();
  };
  return {
    waiting: computed(() => logs.value.size),
    add: (log) => {
      logs.value = new Map(logs.peek()).set(log.logId, log);
      const written = desk.writer.put(PREFIX + log.logId, { agent: desk.owner.peek(), log } satisfies StoredLog);
      // A store that takes its time keeps no log from the host.
      void run();
      return written;
    },
    load: async () => {
      const all = new Map([...(await readOwn(desk)), ...logs.peek()]);
      logs.value = all;
      flush();
      return all;
    },
    flush,
    release: () => {
      stopTimer();
      logs.value = new Map();
    },
  };
}

function retryMs(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
}

/** Of the agent of now; nothing where another one came meanwhile. */
async function readOwn({ ports: { store }, owner }: Desk): Promise<readonly (readonly [logId: string, log: CallLog])[]> {
  const agent = owner.peek();
  const read = await store.all(PREFIX).catch(() => new Map<string, unknown>());
  const found = [...read.values()].map(readLog).filter((stored) => stored !== null);
  if (agent !== owner.peek()) return [];
  return found.filter((stored) => stored.agent === agent).map(({ log }) => [log.logId, log]);
}

/**
 * Resolves to why it is not delivered, or `null`. Gateway and host both know a log by its id: where the second has not taken
 * it, the first may be given it again.
 */
async function deliver({ ports, notices, session, archiveChanges }: Desk, log: CallLog): Promise<PhoneErrorCode | null> {
  const { host, agents, log: journal } = ports;
  try {
    await agents?.saveCallLog(log);
    session.renewed();
    archiveChanges.value += 1;
    await host.saveCallLog(log);
    return null;
  } catch (error) {
    const code = codeOf(error);
    if (code === "session-over") session.ended();
    if (code !== "not-supported") {
      journal.write("warn", "outbox: not delivered", { code });
      return code;
    }
    // The gateway has it; without one nobody ever will, and this device's history is where it is kept.
    if (host.name !== "standalone" && agents === null) notices.push("host-cannot-save");
    return null;
  }
}
