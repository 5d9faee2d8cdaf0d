import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import type { CallLog } from "../protocol/call.ts";
import { type Desk, codeOf } from "./desk.ts";
import { readLog } from "./stored.ts";

const PREFIX = "outbox:";
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** Call logs on their way to the host: kept until acknowledged, told apart by their id. */
export interface Outbox {
  readonly waiting: ReadonlySignal<number>;
  /** Resolves when the log is kept, to whether that is durable; not when it is delivered. */
  add(log: CallLog): Promise<boolean>;
  has(logId: string): boolean;
  load(): Promise<void>;
  /** Tries all again at once. */
  flush(): void;
}

/** @param onDelivered  the host has it, or nobody ever will. */
export function createOutbox(desk: Desk, onDelivered: (logId: string) => void): Outbox {
  const { host, store, clock, log: journal } = desk.ports;
  const logs = signal<ReadonlyMap<string, CallLog>>(new Map());
  let running = false;
  let again = false;
  let failures = 0;
  let stopTimer = () => {};
  desk.scope.add(() => stopTimer());
  desk.scope.add(host.onConnected(() => flush()));

  const acknowledged = (logId: string): void => {
    const left = new Map(logs.peek());
    left.delete(logId);
    logs.value = left;
    void desk.writer.put(PREFIX + logId, undefined);
    onDelivered(logId);
  };
  /** Resolves to what stops the round, or `null`. */
  const deliver = async (log: CallLog): Promise<"host-silent" | "failed" | null> => {
    try {
      await host.saveCallLog(log);
      acknowledged(log.logId);
      return null;
    } catch (error) {
      const code = codeOf(error);
      if (code !== "not-supported") {
        journal.write("warn", "outbox: not delivered", { code });
        return code === "host-silent" ? "host-silent" : "failed";
      }
      // Nobody will ever take it: this device's history is where it is kept.
      if (host.name !== "standalone") desk.notices.push("host-cannot-save");
      acknowledged(log.logId);
      return null;
    }
  };
  const round = async (): Promise<void> => {
    let failed = false;
    for (const log of logs.peek().values()) {
      if (desk.scope.isClosed()) return;
      const result = await deliver(log);
      failed ||= result !== null;
      if (result === "host-silent") break;
    }
    failures = failed ? failures + 1 : 0;
    const ms = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
    if (failed) stopTimer = clock.after(ms, () => void run());
  };
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
    has: (logId) => logs.peek().has(logId),
    add: async (log) => {
      logs.value = new Map(logs.peek()).set(log.logId, log);
      const durable = await desk.writer.put(PREFIX + log.logId, log);
      void run();
      return durable;
    },
    load: async () => {
      const keys = await store.keys(PREFIX).catch(() => []);
      const read = await Promise.all(keys.map((key) => store.get(key).catch(() => null)));
      const found = read.map(readLog).filter((log) => log !== null);
      logs.value = new Map([...found.map((log) => [log.logId, log] as const), ...logs.peek()]);
      flush();
    },
    flush,
  };
}
