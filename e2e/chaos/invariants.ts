import type { NetworkCall } from "../../sandbox/network/network.ts";
import type { Seen } from "./chaos-tab.ts";
import type { World } from "./world.ts";

/** Everything that can be seen from outside at one moment. */
export interface Sight {
  readonly seen: readonly (Seen | null)[];
  readonly call: NetworkCall | null;
  readonly contacts: number;
}

/** Mean square below which a customer hears nothing. */
const SILENCE = 1e-5;

/** How long each may be otherwise, in ms; what moves from one tab to another is for a moment in both or in none. */
export const INVARIANTS: readonly {
  readonly name: string;
  readonly withinMs: number;
  /** `null` where it holds, else what is wrong. */
  readonly problem: (sight: Sight, world: World) => string | null;
}[] = [
  {
    name: "[X1] at most one tab has the microphone open",
    withinMs: 500,
    problem: ({ seen }) => (count(seen, (tab) => tab.microphoneOpen) > 1 ? `${count(seen, (tab) => tab.microphoneOpen)} tabs have` : null),
  },
  {
    name: "[X2] at most one tab registers",
    withinMs: 500,
    problem: ({ contacts }) => (contacts > 1 ? `${contacts} contacts` : null),
  },
  {
    name: "[X3] every tab shows the same call",
    withinMs: 500,
    problem: ({ seen }) => {
      const shown = new Set(present(seen).map(({ phase, muted, held }) => `${phase}${muted ? ", muted" : ""}${held ? ", held" : ""}`));
      return shown.size > 1 ? [...shown].join(" | ") : null;
    },
  },
  {
    name: "[X4] a muted agent is not heard",
    // What the customer heard in the last second, and the time a click needs.
    withinMs: 2_000,
    problem: ({ seen, call }, { muted }) =>
      muted && call !== null && call.heard.energy > SILENCE && isFresh(call) && present(seen).some((tab) => tab.phase === "in-call")
        ? `the customer hears ${call.heard.energy}`
        : null,
  },
  {
    name: "[X5] no call is without an owner",
    withinMs: 3_000,
    problem: ({ seen, call }) => {
      if (call === null || call.status !== "in-progress") return null;
      return present(seen).some((tab) => tab.phase === "in-call" && tab.microphoneOpen) ? null : "no tab has the call that is up";
    },
  },
  {
    name: "[X6] no note is lost",
    withinMs: 2_000,
    problem: ({ seen }, { note }) => {
      if (note === null) return null;
      const wrong = present(seen).find((tab) => (tab.phase === "in-call" || tab.phase === "wrap-up") && tab.note !== note);
      return wrong === undefined ? null : `"${wrong.note}" in the place of "${note}"`;
    },
  },
  {
    name: "[X8] no call is lost",
    withinMs: 0,
    problem: ({ call }, { wasUp, mayEnd, networkForgot, endedBy }) =>
      call === null && wasUp && !mayEnd && !networkForgot ? `it ended by itself, by the ${endedBy}` : null,
  },
  {
    name: "[X7] the tabs show the call that is",
    // A phone that has lost its server finds out, and comes back.
    withinMs: 20_000,
    problem: ({ seen, call }, world) => {
      if (seen.length > 0 && present(seen).length < seen.length) return "a tab does not come up";
      const shown = present(seen)[0]?.phase ?? "none";
      // A server that has forgotten a call that rang tells nobody: who answers it learns so.
      if (call === null && shown === "ringing" && world.networkForgot) return null;
      const over = world.note === null ? ["none", "wrap-up"] : ["wrap-up"];
      const wanted = call === null ? over : call.status === "in-progress" ? ["in-call"] : ["ringing"];
      if (!wanted.includes(shown)) return `${shown} in the place of ${wanted.join(" or ")}`;
      if (shown !== "in-call") return null;
      const agrees = present(seen).every((tab) => tab.muted === world.muted && tab.held === world.held);
      return agrees ? null : `not ${world.muted ? "muted" : "unmuted"} and ${world.held ? "held" : "talking"}`;
    },
  },
];

export function present(seen: readonly (Seen | null)[]): Seen[] {
  return seen.filter((tab) => tab !== null);
}

function count(seen: readonly (Seen | null)[], test: (tab: Seen) => boolean): number {
  return present(seen).filter(test).length;
}

/** A call on which nothing arrives any more keeps the last figure. */
function isFresh(call: NetworkCall): boolean {
  return call.heard.lastPacketAt !== null && Date.now() - call.heard.lastPacketAt < 500;
}
