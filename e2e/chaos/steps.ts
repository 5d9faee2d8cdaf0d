import { expect } from "@playwright/test";
import type { ChaosTab, Seen } from "./chaos-tab.ts";
import { present } from "./invariants.ts";
import type { SeededRandom } from "./random.ts";
import type { World } from "./world.ts";

/** One thing that happens. `can` is asked of the screen that all tabs show. */
export interface Step {
  readonly name: string;
  /** How often it is taken, beside the others. */
  readonly weight: number;
  can(phase: Seen["phase"], world: World): boolean;
  act(world: World, tab: ChaosTab, random: SeededRandom): Promise<void>;
}

const WORDS = ["quote", "Monday", "budget", "call back", "sent", "new phone"];
const whenever = (): boolean => true;
const during =
  (...phases: readonly Seen["phase"][]) =>
  (phase: Seen["phase"]): boolean =>
    phases.includes(phase);

const ofTabs: readonly Step[] = [
  { name: "open", weight: 2, can: (_, { tabs, mostTabs }) => tabs.length < mostTabs, act: async (world) => void (await world.openTab()) },
  {
    name: "close",
    weight: 2,
    can: (_, { tabs, fewestTabs }) => tabs.length > fewestTabs,
    act: async (world, tab) => {
      world.forget(tab);
      await tab.close();
    },
  },
  { name: "reload", weight: 3, can: whenever, act: (_, tab) => tab.reload() },
  {
    name: "kill the renderer",
    weight: 2,
    can: (_, { place, tabs, fewestTabs }) => place === "crm" || tabs.length > fewestTabs,
    act: async (world, tab) => {
      if (world.place === "standalone") world.forget(tab);
      await tab.kill();
    },
  },
];

const ofNetwork: readonly Step[] = [
  {
    name: "cut the socket",
    weight: 2,
    can: whenever,
    act: async (world) => void (await world.sandbox.control.sockets(world.agent.user, "close")),
  },
  {
    name: "restart the SIP server",
    weight: 1,
    can: whenever,
    act: async (world) => {
      world.networkForgot = world.sid !== null;
      await world.sandbox.control.restart(200);
    },
  },
];

const ofCall: readonly Step[] = [
  {
    name: "a customer rings",
    weight: 8,
    can: during("none"),
    act: async (world) => {
      let seen: Seen[] = [];
      const isAtRest = () =>
        seen.length > 0 && (seen.every(({ status }) => status === "Ready") || seen.some(({ phase }) => phase !== "none"));
      await expect.poll(async () => ((seen = present(await world.look())), isAtRest()), EVENTUALLY).toBe(true);
      // What an earlier page left came back meanwhile: a wrap-up, or a ring that the server has forgotten.
      if (seen.some(({ phase }) => phase !== "none")) return;
      await expect.poll(() => world.contacts(), EVENTUALLY).toBe(1);
      world.sid = (await world.sandbox.control.ring(world.agent.user, { behaviour: "speaks" })).sid;
      Object.assign(world, {
        networkForgot: false,
        muted: false,
        held: false,
        note: null,
        wasUp: false,
        mayEnd: false,
      });
    },
  },
  {
    name: "answer",
    weight: 8,
    can: during("ringing"),
    act: async (_, tab) => {
      await tab.click("Answer");
      // The screen follows when the answer has left, at the latest after 60 ms: nobody presses another button sooner.
      const hasFollowed = async () => {
        const seen = await tab.look();
        return seen === null || seen.phase !== "ringing" || seen.refused;
      };
      await expect.poll(hasFollowed, EVENTUALLY).toBe(true);
    },
  },
  {
    name: "mute or unmute",
    weight: 4,
    can: during("in-call"),
    act: async (world, tab) => {
      await tab.click(world.muted ? "Unmute" : "Mute");
      world.muted = !world.muted;
    },
  },
  {
    name: "hold or resume",
    weight: 4,
    can: during("in-call"),
    act: async (world, tab) => {
      // A refusal of before is none of this click.
      await Promise.all(world.tabs.map((each) => each.dismiss()));
      await tab.click(world.held ? "Resume" : "Hold");
      const held = !world.held;
      let seen: Seen[] = [];
      const isAnswered = () => seen.some(({ phase, held: shown, refused }) => phase !== "in-call" || shown === held || refused);
      await expect.poll(async () => ((seen = present(await world.look())), isAnswered()), EVENTUALLY).toBe(true);
      // An agent who reads that it could not be done knows what is so.
      if (seen.every(({ refused }) => !refused)) world.held = held;
    },
  },
  {
    name: "type into the note",
    weight: 4,
    can: during("in-call", "wrap-up"),
    act: async (world, tab, random) => {
      const note = `${world.note ?? ""}${random.pick(WORDS)} `;
      await tab.write(note);
      world.note = note;
    },
  },
  { name: "hang up here", weight: 2, can: during("in-call"), act: async (world, tab) => hangUp(world, tab, "Hang up") },
  { name: "decline", weight: 1, can: during("ringing"), act: async (world, tab) => hangUp(world, tab, "Decline") },
  {
    name: "the customer hangs up",
    weight: 2,
    can: (phase, { sid, networkForgot }) => sid !== null && !networkForgot && (phase === "ringing" || phase === "in-call"),
    act: async (world) => {
      world.mayEnd = true;
      await world.sandbox.control.hangUp(world.sid ?? "");
    },
  },
  {
    name: "save",
    weight: 6,
    can: during("wrap-up"),
    act: async (world, tab) => {
      await save(world, tab);
      if (world.sid !== null && world.note !== null) world.saved.set(world.sid, world.note.trim());
      world.note = null;
    },
  },
];

/** An agent who reads that it could not be done, because the phone was just moving, tries again. */
async function save(world: World, tab: ChaosTab): Promise<void> {
  let seen: Seen[] = [];
  const isSaved = () => seen.every(({ phase }) => phase === "none");
  do {
    await Promise.all(world.tabs.map((each) => each.dismiss()));
    await tab.click("Save");
    await expect
      .poll(async () => ((seen = present(await world.look())), isSaved() || seen.some(({ refused }) => refused)), EVENTUALLY)
      .toBe(true);
  } while (!isSaved());
}

async function hangUp(world: World, tab: ChaosTab, button: string): Promise<void> {
  world.mayEnd = true;
  await tab.click(button);
}

const EVENTUALLY = { timeout: 20_000, intervals: [20] };

export const STEPS: readonly Step[] = [...ofTabs, ...ofNetwork, ...ofCall];
