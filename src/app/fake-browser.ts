import { FakeClock, settled } from "../core/fakes/clock.ts";
import { FakeHost } from "../core/fakes/host.ts";
import { RAVI } from "../core/fakes/page.ts";
import { ASHA, fakeConfig, fakeWorld } from "../core/fakes/ports.ts";
import { FakeStore, FakeVault } from "../core/fakes/store.ts";
import { type RunningPhone, createPhone } from "../core/phone.ts";
import type { AgentServer, Tabs } from "../core/ports.ts";
import { FakeEngine } from "../engines/fake/engine.ts";
import { MemoryBrowser, type MemoryTab } from "../tabs/memory.ts";
import { createTabs } from "../tabs/tabs.ts";

/** One tab of a CRM with a whole phone in it. */
export interface PhoneTab {
  readonly phone: RunningPhone;
  readonly engine: FakeEngine;
  readonly host: FakeHost;
  readonly tabs: Tabs;
  readonly tab: MemoryTab;
  /** The renderer dies: nothing runs here any more, not even a timer. */
  crash(): void;
}

interface Opened {
  readonly first: PhoneTab;
  readonly second: PhoneTab;
  readonly more: readonly PhoneTab[];
}

/** One browser partition with many phones: locks and messages are those of a browser, time is wound by hand. */
export class FakeBrowser {
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly vault = new FakeVault();
  readonly memory = new MemoryBrowser();
  readonly all: PhoneTab[] = [];
  /** The gateway of every tab that is opened from now on. */
  agents: AgentServer | null = null;
  /** Tabs that no message reaches for now. */
  readonly deaf = new Set<MemoryTab>();

  async open(tab: MemoryTab = this.memory.openTab()): Promise<PhoneTab> {
    const hear = tab.hear.bind(tab);
    tab.hear = (message) => (this.deaf.has(tab) ? undefined : hear(message));
    const engine = new FakeEngine();
    const host = new FakeHost();
    const { ports } = fakeWorld(engine, {
      clock: this.clock,
      store: this.store,
      vault: this.vault,
      host,
      ...(this.agents && { agents: this.agents }),
    });
    const tabs = createTabs(tab);
    const name = tab.self.id;
    let ids = 0;
    const clock = {
      now: () => this.clock.now(),
      after: (ms: number, run: () => void) => this.clock.after(ms, () => tab.isAlive && run()),
    };
    const phone = createPhone({ ...ports, tabs, clock, newId: () => `${name}-${tab.posted.length}-${(ids += 1)}` }, fakeConfig());
    const opened: PhoneTab = { phone, engine, host, tabs, tab, crash: () => tab.crash() };
    this.all.push(opened);
    await this.settle();
    return opened;
  }

  /** Asha is signed in, in the first of several tabs. */
  async openSignedIn(count = 2): Promise<Opened> {
    this.vault.account = ASHA;
    for (let i = 0; i < count; i += 1) await this.open();
    const [first, second, ...more] = this.all;
    if (!first || !second) throw new Error("two tabs are needed");
    return { first, second, more };
  }

  /** Ravi called, and Asha answered in the second tab. */
  async talking(count = 2): Promise<Opened & { readonly leg: string }> {
    const opened = await this.openSignedIn(count);
    const leg = opened.first.engine.ring({ number: RAVI });
    await opened.second.phone.answer();
    await this.settle();
    return { ...opened, leg };
  }

  /** Lets everything that is under way arrive, and what follows from it. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) {
      await this.memory.settle();
      await settled();
    }
  }

  async wind(ms: number): Promise<void> {
    await this.memory.wind(ms);
    await this.clock.wind(ms);
    await this.settle();
  }

  async dispose(): Promise<void> {
    for (const { phone, tabs } of this.all) {
      await phone.dispose();
      tabs.dispose();
    }
  }
}

/** What every tab shows alike. */
export function shownBy({ phone }: PhoneTab) {
  return {
    line: phone.line.value,
    call: phone.call.value,
    work: phone.work.value,
    unsaved: phone.unsaved.value,
    // Whose an entry is, is the own phone's affair.
    history: phone.history.value.map((entry) => ({ ...entry, agent: undefined })),
    notices: phone.notices.value,
    quality: phone.quality.value,
    agent: phone.agent.value,
    signingIn: phone.signingIn.value,
    preferences: phone.preferences.value,
  };
}

/** What the host pages of all tabs are told alike. */
export function sharedEvents({ host }: PhoneTab) {
  return host.events.filter(({ type }) => type !== "ready" && type !== "call-missed" && type !== "disposition-saved");
}
