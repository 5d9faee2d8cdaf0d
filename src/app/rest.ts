import type { Tabs } from "../core/ports.ts";
import { fetchHost } from "./hosts.ts";

/** What the sign-in screen can do without: the rules of calls, their screen, the host's protocol, the part among the tabs. */
export interface Rest {
  /** A module is fetched once, however often it is asked for. */
  fetch(): ReturnType<typeof load>;
  /** There will be no phone here: what has started of it lets go of its line, and another tab may have one. */
  giveUp(): void;
}

export function createRest(): Rest {
  let tabs: Tabs | null = null;
  let isGivenUp = false;
  return {
    async fetch() {
      const loaded = await load();
      // The browser takes its time to say who leads: asked while configuration and account are still on their way.
      tabs = loaded.openTabs();
      // The code came later than the news that it is of no use.
      if (isGivenUp) tabs.dispose();
      return loaded;
    },
    giveUp() {
      isGivenUp = true;
      tabs?.dispose();
    },
  };
}

async function load() {
  const [code, createHost] = await Promise.all([import("./start-phone.ts"), fetchHost(globalThis.window)]);
  return { ...code, createHost };
}
