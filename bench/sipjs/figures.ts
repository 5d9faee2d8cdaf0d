import type { Loaded } from "../sizes.ts";
import { show, type Spread, spread } from "../statistics.ts";
import type { CallTimes, StartTimes } from "../steps.ts";

export const KEYS = ["limit", "minimal", "bare", "ownPage", "inCrm"] as const;
type Key = (typeof KEYS)[number];

export interface Figures {
  /** In the order of `KEYS`; ms. */
  readonly series: readonly {
    readonly inNewTab: readonly StartTimes[];
    /** In a tab that had the page before, and another one in between. */
    readonly again: readonly StartTimes[];
    readonly calls: readonly CallTimes[];
  }[];
  readonly atSignIn: Loaded;
  readonly registered: Loaded;
}

interface Row {
  readonly cells: readonly string[];
  readonly reached: boolean;
}

/** Highest value that the widget on its own page may have, from the medians of the others. */
interface Target {
  readonly words: string;
  readonly atMost: (medians: Readonly<Record<Key, number>>) => number;
}

const TOGETHER_KB = 100;

export function rowsOf(figures: Figures): Row[] {
  const { atSignIn, registered } = figures;
  const engine = registered.files.filter(({ path }) => /\/sipjs-engine-/.test(path)).reduce((sum, { size }) => sum + size, 0);
  const together = (atSignIn.scriptsAndStyles + engine) / 1_000;
  return [
    // As in `reference/performance.md`: the answer on the wire, each load in a tab of its own.
    timeRow(
      figures,
      "navigation to the registrar's 200 OK, stored account, new tab, ms",
      ({ inNewTab }) => inNewTab.map(({ registered: at }) => at),
      [
        { words: "≤ 2.5 × the limit", atMost: ({ limit }) => 2.5 * limit },
        { words: "≤ 0.15 × the SDK page", atMost: ({ bare }) => 0.15 * bare },
      ],
    ),
    timeRow(figures, "the same, until the page shows it", ({ inNewTab }) => inNewTab.map(({ shown }) => shown), []),
    timeRow(figures, "the same, in a tab that shows the page again", ({ again }) => again.map(({ shown }) => shown), []),
    timeRow(figures, "INVITE frame to popup in the DOM, ms", ({ calls }) => calls.map((call) => call.popup), [
      { words: "≤ 1.5 × the sip.js page", atMost: ({ minimal }) => 1.5 * minimal },
    ]),
    timeRow(figures, "answer click to 200 OK, ms", ({ calls }) => calls.map((call) => call.answered), [
      { words: "≤ 1.2 × the limit", atMost: ({ limit }) => 1.2 * limit },
    ]),
    timeRow(figures, "hang-up click to BYE, ms", ({ calls }) => calls.map((call) => call.bye), [
      { words: "≤ the limit + 1 ms", atMost: ({ limit }) => limit + 1 },
    ]),
    sizeRow("JS and CSS until the sign-in screen is usable, with the engine's chunk, gzip", together, TOGETHER_KB),
    sizeRow("all JS and CSS of a registered phone on its own page, gzip", registered.scriptsAndStyles / 1_000, null),
  ];
}

function timeRow(
  figures: Figures,
  what: string,
  pick: (series: Figures["series"][number]) => readonly number[],
  targets: readonly Target[],
): Row {
  const spreads = figures.series.map((series) => spread(pick(series)));
  const median = (key: Key): number => spreads[KEYS.indexOf(key)]?.median ?? Number.NaN;
  const medians = {
    limit: median("limit"),
    minimal: median("minimal"),
    bare: median("bare"),
    ownPage: median("ownPage"),
    inCrm: median("inCrm"),
  };
  const verdicts = targets.map(({ words, atMost }) => {
    const limit = atMost(medians);
    return { words: `${words} (${limit.toFixed(1)})`, reached: medians.ownPage <= limit };
  });
  const reached = verdicts.every((verdict) => verdict.reached);
  const missed = verdicts.filter((verdict) => !verdict.reached).map(({ words }) => words.split(" (")[0]);
  return {
    cells: [
      what,
      ...spreads.map((each: Spread) => show(each)),
      targets.length === 0 ? "–" : verdicts.map(({ words }) => words).join("; "),
      targets.length === 0 ? "" : reached ? "reached" : `**missed**: ${missed.join(", ")}`,
    ],
    reached,
  };
}

function sizeRow(what: string, size: number, limit: number | null): Row {
  const reached = limit === null || size <= limit;
  const target = limit === null ? "–" : `≤ ${limit.toFixed(1)} kB`;
  return {
    cells: [what, "–", "–", "–", `${size.toFixed(1)} kB`, "–", target, limit === null ? "" : reached ? "reached" : "**missed**"],
    reached,
  };
}
