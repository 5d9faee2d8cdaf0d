import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import type { Context } from "../../bench/devtools.ts";
import { newAgent } from "../support/test.ts";
import type { Sandbox } from "../support/start-sandbox.ts";
import { present } from "./invariants.ts";
import { createSeededRandom, type SeededRandom } from "./random.ts";
import type { Walk } from "./seeds.ts";
import { type Longest, settle } from "./settle.ts";
import { sipTrail } from "./sip-trail.ts";
import { type Step, STEPS } from "./steps.ts";
import { World } from "./world.ts";

const probe = readFileSync(new URL("../../bench/probe.js", import.meta.url), "utf8");

/**
 * A walk of random steps over several tabs of one agent's phone. After every step the invariants must hold again in time.
 *
 * @returns how long each invariant did not hold at most, in ms.
 */
export async function walk(context: Context, sandbox: Sandbox, one: Walk, patience: number): Promise<Longest> {
  const { seed, steps, place } = one;
  const random = createSeededRandom(seed);
  const world = new World(context, sandbox, await newAgent(sandbox), one, probe);
  const longest: Longest = new Map();
  const taken: string[] = [];
  await open(world, one.tabs);
  await settle(world, patience, longest);
  for (let count = 1; count <= steps; count += 1) {
    const [phase] = present(await world.look()).map((seen) => seen.phase);
    const step = choose(
      STEPS.filter((each) => each.can(phase ?? "none", world)),
      random,
    );
    const tab = random.pick(world.tabs);
    const start = Date.now();
    taken.push(`${new Date(start).toISOString().slice(11, 23)} ${count}. ${step.name} (${tab.name}, ${phase})`);
    try {
      await step.act(world, tab, random);
      await settle(world, patience, longest);
      if (process.env["CHAOS_SAY"] === "1") process.stdout.write(`${taken.at(-1)}: ${Date.now() - start} ms\n`);
    } catch (error) {
      const trail = taken.slice(-12).join("\n");
      const sip = await sipTrail(world);
      const shown = JSON.stringify(await world.look());
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`seed ${seed}, ${place}: ${what}\n\n${trail}\n\n${shown}\n\n${sip}`, { cause: error });
    }
  }
  await allDelivered(world);
  return longest;
}

async function open(world: World, tabs: number): Promise<void> {
  const first = await world.openTab();
  await first.signIn(world.agent);
  while (world.tabs.length < tabs) await world.openTab();
}

function choose(steps: readonly Step[], random: SeededRandom): Step {
  return random.pick(steps.flatMap((step) => Array.from({ length: step.weight }, () => step)));
}

/** Each note that was saved is in the CRM, once. */
async function allDelivered(world: World): Promise<void> {
  if (world.place !== "crm") return;
  for (const [sid, note] of world.saved) {
    const stored = async () =>
      (await world.sandbox.control.callLogs()).filter((log) => log.call.exotelCallSid === sid).map((log) => log.disposition.notes.trim());
    await expect.poll(stored, { message: `[X6] the note of ${sid} is delivered once`, timeout: 20_000 }).toEqual([note]);
  }
}
