import { PhoneError } from "../core/errors.ts";
import type { HeardFromTab, TabRole, Tabs } from "../core/ports.ts";
import { createEmitter } from "../lib/emitter.ts";
import { type TabMessage, readTabMessage, tabEnvelope } from "../protocol/tabs.ts";
import type { TabWorld } from "./browser.ts";
import { type KeptLead, createKeptLead } from "./kept-lead.ts";
import { type Leadership, createLeadership } from "./leadership.ts";
import { type Question, createQuestion } from "./question.ts";

/**
 * One tab of a browser partition leads: it registers and carries the audio. The lead is a Web Lock, so the browser
 * itself passes it on when the leading tab is closed or crashes. A page that is known to be reloaded finds it kept.
 */
export function createTabs(world: TabWorld): Tabs {
  const roles = createEmitter<TabRole>();
  const heard = createEmitter<HeardFromTab>();
  const channel = world.openChannel();
  const post = (message: TabMessage): void => channel?.post(tabEnvelope(message));
  const kept: KeptLead = createKeptLead(world, () => leadership.stepUp());
  const leadership: Leadership = createLeadership(world.locks, roles.emit, () => !kept.keep());
  const question = createQuestion(world, post);
  let decide: (() => boolean) | null = null;

  const grant = (ask: string): void => {
    if (leadership.role() === "leader") {
      if (decide?.() === false) return post({ type: "take-over-refused", ask });
      leadership.stepDown();
    } else if (!kept.isKept()) return;
    kept.grant();
    post({ type: "take-over-granted", ask });
  };
  const hear = (message: TabMessage): void => {
    kept.hear(message);
    if (message.type === "take-over-asked") grant(message.ask);
    if (message.type === "take-over-granted") question.answered(message.ask, "granted");
    if (message.type === "take-over-refused") question.answered(message.ask, "refused");
    if (message.type === "back" && kept.isFor(message.tab)) grant(message.ask);
  };
  channel?.onMessage((value) => {
    const read = readTabMessage(value);
    if (read?.kind === "message") hear(read.message);
    if (read !== null) heard.emit(read);
  });
  const leave = (): void => {
    if (leadership.role() === "leader") post({ type: "leaving", tab: world.self.id, reload: world.isReloading(), at: world.now() });
    kept.forget();
    leadership.release();
  };
  const undo = [world.onLeave(leave), world.onReturn(() => leadership.enter()), comeBack({ world, roles, question, leadership })];
  leadership.enter();

  return {
    role: leadership.role,
    onRole: roles.on,
    takeOver: (force = false) => takeOver({ question, leadership, kept }, force),
    onTakeOverAsked(next) {
      decide = next;
      return () => void (decide = decide === next ? null : decide);
    },
    async stillLeads() {
      if (leadership.role() !== "leader") return leadership.role() === "alone";
      if (await leadership.isHolder()) return leadership.role() === "leader";
      leadership.lose();
      return false;
    },
    post,
    onMessage: heard.on,
    dispose() {
      for (const run of undo) run();
      kept.forget();
      leadership.release();
      channel?.close();
    },
  };
}

interface Asking {
  readonly question: Question;
  readonly leadership: Leadership;
}

async function takeOver({ question, leadership, kept }: Asking & { readonly kept: KeptLead }, force: boolean): Promise<boolean> {
  if (leadership.role() === "leader" || leadership.role() === "alone") return true;
  if (kept.isKept()) {
    kept.forget();
    leadership.stepUp();
    return leadership.role() === "leader";
  }
  if (question.isOpen()) return false;
  const answer = await question.put((ask) => ({ type: "take-over-asked", ask }));
  if (answer === "silent" && !force) throw new PhoneError("leader-silent");
  return answer === "refused" ? false : leadership.take();
}

/** A page that was reloaded asks for the lead, once, where another tab got the lock meanwhile. */
function comeBack({ world, roles, question, leadership }: Asking & BackNeeds): () => void {
  if (!world.self.isBack) return () => undefined;
  const undo = roles.on((role) => {
    if (role === "waiting") return;
    undo();
    if (role === "follower" && !question.isOpen()) void ask();
  });
  const ask = async (): Promise<void> => {
    const answer = await question.put((name) => ({ type: "back", tab: world.self.id, ask: name }));
    if (answer === "granted") await leadership.take();
  };
  return undo;
}

interface BackNeeds {
  readonly world: TabWorld;
  readonly roles: { on(listener: (role: TabRole) => void): () => void };
}
