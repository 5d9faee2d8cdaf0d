import { type ReadonlySignal, type Signal, computed, effect, signal, untracked } from "@preact/signals-core";
import type { SignIn } from "../protocol/host.ts";
import { tidyAccount } from "./account.ts";
import { createCarryOut } from "./carry-out.ts";
import { createCallCloser } from "./call-closer.ts";
import { type Desk, codeOf } from "./desk.ts";
import { type Mirror, type MirrorHooks, createMirror } from "./mirror.ts";
import { createMirrorSource } from "./mirror-source.ts";
import type { Actions, OwnPhone } from "./own-phone.ts";
import type { TabRole } from "./ports.ts";
import { openRecord } from "./screen-pop.ts";
import { createSharedActions } from "./shared-actions.ts";
import { NOTHING_SHOWN, type Shown, type ShownView } from "./shown.ts";
import { type TabCommands, createTabCommands } from "./tab-commands.ts";
import { createTakingOver } from "./taking-over.ts";
import { type TypedWords, createTypedWords } from "./typed-words.ts";
import type { Phone } from "./view.ts";

/** The one phone of all tabs, as this tab shows and uses it. */
export interface OnePhone extends Shown, Actions, Pick<Phone, "whereabouts" | "openRecord"> {
  /** `stay: null`: what is kept on this device stays as it is. */
  signIn(fields: SignIn, stay: boolean | null): Promise<void>;
  /** The page slept: what the leading tab said meanwhile may be missing here. */
  woke(): void;
}

/**
 * While this tab leads it is the own phone; while it follows, what the leading tab says and does.
 *
 * - [M20] What is clicked in a tab that follows is done by the one that leads, and refused by its rules.
 * - [M21] Without a sign of life for 2 s a click is refused, and the tab says so until the leader is heard again.
 * - [M22] What the leader has heard may take as long as it takes.
 * - [M23] Commands of the host page are clicks.
 * - [M24] Any tab may sign in; it remembers who, so that it can lead later. Nobody who is signed in is interrupted.
 * - [M25] Who signs out in one tab is signed out in all, whichever leads next.
 * - [M26] The lead on the CRM's screen, and the page in which a record opens, are those of the tab that was clicked in.
 * - [M27] The password goes to the leader with a sign-in, and nowhere else.
 */
export function createOnePhone(desk: Desk, own: OwnPhone, context: Phone["context"]): OnePhone {
  const { tabs } = desk.ports;
  const role = signal<TabRole>(tabs.role());
  const isFollowing = computed(() => role.value === "follower");
  const follows = (): boolean => isFollowing.peek();
  const carryOut = createCarryOut(own);
  const commands: TabCommands = createTabCommands(desk, () => mirror.doubt());
  const words = createTypedWords(async (callId, change) => {
    if (follows()) return commands.send("write", { callId, change });
    return carryOut({ name: "write", args: { callId, change } });
  });
  const meetings = signal(0);
  const mirror: Mirror = createMirror(desk, mirrorHooks({ desk, own, commands, words, met: () => closer.look(), meetings }));
  const source = createMirrorSource(desk, own, carryOut);
  const takingOver = createTakingOver(desk, own);
  const shown = shownSignals(own, () => (isFollowing.value ? (mirror.view.value ?? awaited(own)) : takingOver.kept.value));
  const closer = createCallCloser(desk, () => [shown.snapshot.peek(), shown.otherSnapshot.peek()]);
  const setRole = (next: TabRole): void => {
    const last = mirror.view.peek();
    commands.abandon("not-possible-now");
    words.leaderGone(last?.work ?? null);
    mirror.end();
    source.end();
    takingOver.end();
    if (next === "leader") takingOver.begin(last);
    role.value = next;
    if (next === "follower") mirror.begin();
    if (next === "leader") source.begin();
    if (next === "leader") closer.look();
  };
  desk.scope.add(tabs.onRole(setRole));
  desk.scope.add(
    tabs.onMessage((heard) => {
      mirror.hear(heard);
      source.hear(heard);
      commands.hear(heard);
    }),
  );
  setRole(tabs.role());
  const held = computed(() => (isFollowing.value ? mirror.view.value?.work : own.work.value)?.callId ?? null);
  watchWords(desk, words, shown.history, () => (void meetings.value, void isFollowing.value, held.value));
  return {
    ...shown,
    work: computed(() => words.over(shown.work.value)),
    whereabouts: computed(() => (isFollowing.value ? mirror.whereabouts.value : "here")),
    ...createSharedActions(desk, own, {
      commands,
      follows,
      whenTakenUp: takingOver.whenTakenUp,
      context,
      words,
      work: shown.work,
    }),
    openRecord: () => openRecord(desk, shown.snapshot.peek()),
    signIn: (fields, stay) => signIn({ desk, own, commands, follows }, fields, stay),
    woke: () => {
      if (follows()) mirror.begin();
    },
  };
}

interface HookParts {
  readonly desk: Desk;
  readonly own: OwnPhone;
  readonly commands: TabCommands;
  readonly words: TypedWords;
  readonly meetings: Signal<number>;
  met(): void;
}

function mirrorHooks({ desk, own, commands, words, meetings, met }: HookParts): MirrorHooks {
  /** Whoever works in another tab is who works here: nobody else is signed in again when this tab leads. */
  const agentIs = (user: string | null): void => {
    const here = own.agent.peek();
    if (here !== null && here.user !== user) own.forget();
  };
  return {
    account: own.remember,
    leaderChanged: (last) => {
      commands.abandon("not-possible-now");
      words.leaderGone(last.work);
    },
    met: (view) => {
      meetings.value += 1;
      desk.teller.catchUp(view.line, view.agent?.user ?? null, [view.otherSnapshot, view.snapshot]);
      met();
      if (view.agent !== null) agentIs(view.agent.user);
    },
    told: ({ told }) => {
      for (const event of told) {
        desk.teller.relay(event);
        if (event.type === "signed-out") agentIs(null);
        if (event.type === "signed-in") agentIs(event.agent);
      }
    },
  };
}

/** Nothing is known yet but what this device knows. */
function awaited(own: OwnPhone): ShownView {
  return { ...NOTHING_SHOWN, preferences: own.preferences.value };
}

/** @param instead  what is shown in place of what the own phone has. */
function shownSignals(own: OwnPhone, instead: () => Partial<ShownView> | null): Shown {
  const other = computed(instead);
  const show = <T>(here: ReadonlySignal<T>, pick: (view: Partial<ShownView>) => T | undefined): ReadonlySignal<T> =>
    computed(() => {
      const there = other.value === null ? undefined : pick(other.value);
      return there === undefined ? here.value : there;
    });
  return {
    line: show(own.line, (view) => view.line),
    call: show(own.call, (view) => view.call),
    snapshot: show(own.snapshot, (view) => view.snapshot),
    otherCall: show(own.otherCall, (view) => view.otherCall),
    otherSnapshot: show(own.otherSnapshot, (view) => view.otherSnapshot),
    callOptions: show(own.callOptions, (view) => view.callOptions),
    work: show(own.work, (view) => view.work),
    aside: show(own.aside, (view) => view.aside),
    unsaved: show(own.unsaved, (view) => view.unsaved),
    history: show(own.history, (view) => view.history),
    archiveChanges: show(own.archiveChanges, (view) => view.archiveChanges),
    notices: show(own.notices, (view) => view.notices),
    quality: show(own.quality, (view) => view.quality),
    inputLevel: show(own.inputLevel, (view) => view.inputLevel),
    agent: show(own.agent, (view) => view.agent),
    signingIn: show(own.signingIn, (view) => view.signingIn),
    preferences: show(own.preferences, (view) => view.preferences),
  };
}

/**
 * Words that may not have arrived are written again when somebody has that call's work; those of finished work are let go.
 *
 * @param held  the call whose work is in hand; reads signals that tell of another hand, too.
 */
function watchWords({ scope }: Desk, words: TypedWords, history: Shown["history"], held: () => string | null): void {
  scope.add(
    effect(() => {
      const callId = held();
      if (callId !== null) untracked(() => words.resend(callId));
    }),
  );
  scope.add(
    effect(() => {
      const entries = history.value;
      const isDone = (id: string): boolean => entries.some((entry) => entry.callId === id && entry.disposition !== null);
      untracked(() => words.calls().filter(isDone).forEach(words.finished));
    }),
  );
}

interface SignInParts {
  readonly desk: Desk;
  readonly own: OwnPhone;
  readonly commands: TabCommands;
  follows(): boolean;
}

/** The leading tab signs in; this one remembers who, so that it can lead later. */
async function signIn({ desk, own, commands, follows }: SignInParts, fields: SignIn, stay: boolean | null): Promise<void> {
  const remember = (): Promise<void> =>
    own.signIn(fields, stay).catch((error: unknown) => {
      // Only where the role was not known before: another tab turned out to lead.
      if (!follows() || codeOf(error) !== "phone-is-elsewhere") throw error;
    });
  if (!follows()) {
    await remember();
    if (!follows()) return;
  }
  tidyAccount(fields, desk.config);
  try {
    await commands.send("signIn", { fields, stay });
  } catch (error) {
    if (codeOf(error) === "leader-silent") await remember();
    throw error;
  }
  await remember();
}
