import { setTimeout as pause } from "node:timers/promises";
import { INVARIANTS, type Sight } from "./invariants.ts";
import type { World } from "./world.ts";

/** The longest time that each invariant did not hold, in ms. */
export type Longest = Map<string, number>;

const LOOK_EVERY_MS = 15;
/** What may take so long waits for retries, not for this machine. */
const LONG_MS = 10_000;

/**
 * Looks again and again until every invariant holds; fails where one has not held for longer than it may.
 *
 * @param patience how many times the allowed time, for a machine that does other work too.
 */
export async function settle(world: World, patience: number, longest: Longest): Promise<void> {
  const since = new Map<string, number>();
  for (;;) {
    const [seen, call, contacts] = await Promise.all([world.look(), world.liveCall(), world.contacts()]);
    const sight: Sight = { seen, call, contacts };
    for (const { name, withinMs, problem } of INVARIANTS) {
      const what = problem(sight, world);
      if (what === null) {
        since.delete(name);
        continue;
      }
      const start = since.get(name) ?? Date.now();
      since.set(name, start);
      const lasted = Date.now() - start;
      longest.set(name, Math.max(longest.get(name) ?? 0, lasted));
      if (lasted > (withinMs < LONG_MS ? withinMs * patience : withinMs))
        throw new Error(`${name}: ${what}, for ${lasted} ms\n${describe(sight, world)}`);
    }
    if (since.size === 0) return;
    await pause(LOOK_EVERY_MS);
  }
}

function describe({ seen, call, contacts }: Sight, world: World): string {
  const tabs = world.tabs.map((tab, index) => `  ${tab.name}: ${JSON.stringify(seen[index])}`);
  const asked = { muted: world.muted, held: world.held, note: world.note };
  return [...tabs, `  network: ${call?.status ?? "no call"}, ${contacts} contacts; asked for ${JSON.stringify(asked)}`].join("\n");
}
