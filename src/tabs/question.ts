import type { TabMessage } from "../protocol/tabs.ts";
import type { TabWorld } from "./browser.ts";

/** A leader that lives answers within a few milliseconds. */
const ANSWER_MS = 1_000;

export type Answer = "granted" | "refused" | "silent";

/** One question for the lead at a time, named by `ask`. */
export interface Question {
  isOpen(): boolean;
  /** Resolves to `silent` where no answer came that can be used. */
  put(question: (ask: string) => TabMessage): Promise<Answer>;
  answered(ask: string, answer: Answer): void;
}

export function createQuestion(world: Pick<TabWorld, "newId" | "now" | "after">, post: (message: TabMessage) => void): Question {
  let open: { readonly ask: string; readonly at: number; readonly answer: (answer: Answer) => void } | null = null;
  return {
    isOpen: () => open !== null,
    async put(question) {
      const ask = world.newId();
      const answer = await new Promise<Answer>((resolve) => {
        const giveUp = world.after(ANSWER_MS, () => resolve("silent"));
        open = { ask, at: world.now(), answer: (given) => (giveUp(), resolve(given)) };
        post(question(ask));
      });
      open = null;
      return answer;
    },
    answered(ask, answer) {
      if (open?.ask !== ask) return;
      // A tab that was frozen meanwhile reads an old answer: the leader may be back on a call.
      open.answer(world.now() - open.at < ANSWER_MS ? answer : "silent");
    },
  };
}
