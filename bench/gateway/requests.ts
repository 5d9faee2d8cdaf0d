import { Agent, get, type IncomingMessage } from "node:http";
import { setTimeout } from "node:timers/promises";

export interface Sample {
  /** Milliseconds, one a request. */
  readonly latencies: number[];
  readonly failures: number;
  readonly seconds: number;
}

/** Reads an answer to its end. @returns its status, or 0 where there was none. */
export function ask(url: string, headers: Readonly<Record<string, string>>, agent: Agent, read?: (bytes: number) => void): Promise<number> {
  return new Promise((resolve) => {
    get(url, { headers, agent }, (response: IncomingMessage) => {
      response.on("data", (chunk: Buffer) => read?.(chunk.length));
      response.on("end", () => resolve(response.statusCode ?? 0));
      response.on("error", () => resolve(0));
    }).on("error", () => resolve(0));
  });
}

/** As many at a time as there are connections, each the next as soon as it has its answer. */
export async function closedLoop(connections: number, seconds: number, one: (agent: Agent) => Promise<number>): Promise<Sample> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let failures = 0;
  const start = performance.now();
  const line = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1_000) {
      const at = performance.now();
      if ((await one(agent)) === 200) latencies.push(performance.now() - at);
      else failures += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, line));
  agent.destroy();
  return { latencies, failures, seconds: (performance.now() - start) / 1_000 };
}

/** So many a second, whether the ones before are answered or not: what a network does that does not wait for us. */
export async function openLoop(perSecond: number, seconds: number, one: (agent: Agent) => Promise<number>): Promise<Sample> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const latencies: number[] = [];
  let failures = 0;
  const start = performance.now();
  const running: Promise<void>[] = [];
  for (let sent = 0; sent < perSecond * seconds; sent += 1) {
    const dueAt = start + (sent / perSecond) * 1_000;
    const wait = dueAt - performance.now();
    if (wait > 1) await setTimeout(wait);
    // From when it was due: a request that had to wait for us has waited.
    const finish = (status: number): void => void (status === 200 ? latencies.push(performance.now() - dueAt) : (failures += 1));
    running.push(one(agent).then(finish));
  }
  await Promise.all(running);
  agent.destroy();
  return { latencies, failures, seconds: (performance.now() - start) / 1_000 };
}
