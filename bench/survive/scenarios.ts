import { now } from "../../e2e/real-network/far-end.ts";
import type { PhoneTab, Place } from "./phone-tab.ts";
import type { CallDirection, LiveCall } from "./stage.ts";

/** Something that happens to the tab with the call. */
export interface Scenario {
  readonly name: string;
  readonly place: Place;
  readonly direction: CallDirection;
  /** Whether another tab of the same phone is open. */
  readonly twoTabs: boolean;
  /** ms that the customer may sit in silence; a `median` only where one is promised. */
  readonly target: { readonly median: number | null; readonly p95: number; readonly worst: number };
  /** Does it, and returns the tab that must have the call now. */
  happen(call: LiveCall, other: PhoneTab | null): Promise<PhoneTab>;
}

const RELOAD = { median: 350, p95: 1_000, worst: 1_000 };
/** The next tab waits for nobody where a tab was closed or has died. */
const TAKE_OVER = { median: null, p95: 1_000, worst: 2_000 };
/** `softphone.js` notices three missed heartbeats first. */
const REVIVED = { median: null, p95: 5_000, worst: 10_000 };

/** How much of a gap the measurement makes by itself. */
const NOTHING = { median: 100, p95: 150, worst: 300 };

export const scenarios: readonly Scenario[] = [
  {
    name: "nothing, to show the measurement",
    place: "standalone",
    direction: "incoming",
    twoTabs: false,
    target: NOTHING,
    happen: ({ tab }) => Promise.resolve(tab),
  },
  reload("standalone", "incoming"),
  reload("standalone", "outgoing"),
  reload("crm", "incoming"),
  reload("crm", "outgoing"),
  {
    name: "tab closed, another is open",
    place: "standalone",
    direction: "incoming",
    twoTabs: true,
    target: TAKE_OVER,
    happen: async ({ tab }, other) => {
      await tab.page.close();
      return needed(other);
    },
  },
  {
    name: "CRM tab closed, another is open",
    place: "crm",
    direction: "incoming",
    twoTabs: true,
    target: TAKE_OVER,
    happen: async ({ tab }, other) => {
      await tab.page.close();
      return needed(other);
    },
  },
  {
    name: "renderer killed, another tab is open",
    place: "standalone",
    direction: "incoming",
    twoTabs: true,
    target: TAKE_OVER,
    happen: async ({ tab }, other) => {
      await tab.page.crash();
      return needed(other);
    },
  },
  {
    name: "renderer of the CRM's frame killed",
    place: "crm",
    direction: "incoming",
    twoTabs: false,
    target: REVIVED,
    happen: async ({ tab }) => {
      await tab.page.crash(await tab.phone());
      return tab;
    },
  },
];

function reload(place: Place, direction: CallDirection): Scenario {
  return {
    name: `reload, ${place === "crm" ? "frame in a CRM" : "page of its own"}, ${direction} call`,
    place,
    direction,
    twoTabs: false,
    target: RELOAD,
    happen: async ({ tab }) => {
      const before = await (await tab.phone()).evaluate<number>("performance.timeOrigin");
      await tab.page.reload();
      await tab.until(`performance.timeOrigin > ${before}`, "the page did not come back");
      return tab;
    },
  };
}

function needed(tab: PhoneTab | null): PhoneTab {
  if (tab === null) throw new Error("there is no other tab");
  return tab;
}

export interface Happened {
  readonly tab: PhoneTab;
  /** Epoch ms. */
  readonly from: number;
  /** The old document is gone for certain. */
  readonly gone: number;
}

export async function play(scenario: Scenario, call: LiveCall, other: PhoneTab | null): Promise<Happened> {
  const from = now();
  const tab = await scenario.happen(call, other);
  return { tab, from, gone: now() };
}
