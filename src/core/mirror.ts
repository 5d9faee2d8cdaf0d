import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import type { TabMessage } from "../protocol/tabs.ts";
import type { Desk } from "./desk.ts";
import type { HeardFromTab, SipAccount } from "./ports.ts";
import { NOTHING_SHOWN, type ShownView, readShown } from "./shown.ts";
import type { Whereabouts } from "./view.ts";

/** A leader that lives answers a hello within a few milliseconds. */
const HELLO_MS = 2_000;

type State = Extract<TabMessage, { type: "state" }>;

/** The following tab's side: what the leading tab shows, as it was last heard. */
export interface Mirror {
  /** `null` until the leading tab has said everything once. */
  readonly view: ReadonlySignal<ShownView | null>;
  readonly whereabouts: ReadonlySignal<Exclude<Whereabouts, "here">>;
  /** This tab follows from now on, or woke and may have missed something. */
  begin(): void;
  end(): void;
  hear(heard: HeardFromTab): void;
  /** A command was not answered. */
  doubt(): void;
}

export interface MirrorHooks {
  /** Everything was said: something may have been missed before, here or there. */
  readonly met: (view: ShownView) => void;
  /** The leader said what changed. */
  readonly told: (message: State) => void;
  /** What the agent is signed in with there. */
  readonly account: (account: SipAccount) => void;
  /** Another tab leads than before; `last`: what was heard of the one before. */
  readonly leaderChanged: (last: ShownView) => void;
}

/**
 * - [M10] A tab that follows asks for everything, again every 2 s until it is answered.
 * - [M11] Changes are taken in their order; where one is missing, everything is asked for anew.
 * - [M12] The last that was heard stays until a new leader has said everything.
 * - [M13] A leader of another version is not understood, and known as such.
 */
export function createMirror(desk: Desk, hooks: MirrorHooks): Mirror {
  const heard = signal<{ readonly view: ShownView; readonly leader: string; readonly sequence: number } | null>(null);
  const hello = createHello(desk);
  const { trust } = hello;
  let isOn = false;

  const take = (state: State): void => {
    const before = heard.peek();
    const isNext = before?.leader === state.leader && before.sequence + 1 === state.sequence;
    if (!state.full && !isNext) return hello.ask();
    const view = readShown(state.full || before === null ? NOTHING_SHOWN : before.view, state.view);
    if (before !== null && before.leader !== state.leader) hooks.leaderChanged(before.view);
    heard.value = { view, leader: state.leader, sequence: state.sequence };
    if (state.full) hello.answered();
    if (isNext) hooks.told(state);
    if (state.full) hooks.met(view);
  };
  return {
    view: computed(() => heard.value?.view ?? null),
    whereabouts: computed(() => {
      if (trust.value === "outdated") return "outdated";
      if (heard.value === null) return trust.value === "silent" ? "silent" : "awaited";
      return trust.value === "silent" ? "lost" : "elsewhere";
    }),
    begin: () => {
      isOn = true;
      hello.ask();
    },
    end: () => {
      isOn = false;
      heard.value = null;
      hello.stop();
    },
    hear: (message) => {
      if (!isOn) return;
      if (message.kind === "other-version") {
        if (message.type === "state" || message.type === "leads") trust.value = "outdated";
      } else if (message.message.type === "leads") hello.ask();
      else if (message.message.type === "account") hooks.account(message.message.account);
      else if (message.message.type === "state") take(message.message);
    },
    doubt: () => {
      if (!isOn || trust.peek() !== "sure") return;
      trust.value = "silent";
      hello.ask();
    },
  };
}

/** Asks the leader for everything until it answers, and knows whether it does. */
function createHello({ ports: { tabs, clock }, scope }: Desk) {
  const trust = signal<"asking" | "sure" | "silent" | "outdated">("asking");
  let stopTimer = () => {};
  scope.add(() => stopTimer());
  const ask = (): void => {
    stopTimer();
    tabs.post({ type: "hello" });
    stopTimer = clock.after(HELLO_MS, () => {
      if (trust.peek() !== "outdated") trust.value = "silent";
      ask();
    });
  };
  return {
    trust,
    ask,
    answered: () => {
      stopTimer();
      trust.value = "sure";
    },
    stop: () => {
      stopTimer();
      trust.value = "asking";
    },
  };
}
