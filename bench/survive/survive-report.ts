import { quantile } from "../statistics.ts";
import type { Outcome } from "./round.ts";
import type { Scenario } from "./scenarios.ts";

export interface Result {
  readonly scenario: Scenario;
  readonly outcomes: readonly Outcome[];
}

export function isReached({ scenario, outcomes }: Result): boolean {
  const gaps = gapsOf(outcomes);
  const { median, p95, worst } = scenario.target;
  return (
    outcomes.every(({ lost }) => lost === null) &&
    (median === null || quantile(gaps, 0.5) <= median) &&
    quantile(gaps, 0.95) <= p95 &&
    Math.max(...gaps) <= worst
  );
}

/** Markdown. */
export function surviveTable(results: readonly Result[]): string {
  const head =
    "| what happened to the call | n | lost | audio gap at the far end, ms: min | median | p95 | max | to reach | |\n|---|---|---|---|---|---|---|---|---|";
  return [head, ...results.map(row)].join("\n");
}

/** Where the time went, medians in ms from the last packet before the gap. */
export function phasesOf({ scenario, outcomes }: Result): string | null {
  const phases = outcomes.flatMap((outcome) => outcome.phases ?? []);
  if (!phases.some(({ invite }) => Number.isFinite(invite))) return null;
  const median = (values: readonly number[]) => quantile(values, 0.5).toFixed(0);
  const document = median(phases.map((each) => each.document));
  const invite = median(phases.map((each) => each.invite));
  const answer = median(phases.map((each) => each.answer));
  return `${scenario.name}: document ${document}, re-INVITE ${invite}, 200 ${answer}, sound ${median(gapsOf(outcomes))}`;
}

/** Which step failed, and how often. */
export function lossesOf({ scenario, outcomes }: Result): string[] {
  const counts = new Map<string, number>();
  for (const { lost } of outcomes) if (lost !== null) counts.set(lost, (counts.get(lost) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${scenario.name}: ${count} × ${reason}`);
}

function row(result: Result): string {
  const { scenario, outcomes } = result;
  const gaps = gapsOf(outcomes);
  const ms = (share: number) => (gaps.length === 0 ? "–" : quantile(gaps, share).toFixed(0));
  const { median, p95, worst } = scenario.target;
  const target = `0 lost, ${median === null ? "" : `median ≤ ${median}, `}p95 ≤ ${p95}, worst ≤ ${worst}`;
  const lost = outcomes.filter((outcome) => outcome.lost !== null).length;
  const cells = [
    scenario.name,
    outcomes.length,
    lost,
    ms(0),
    ms(0.5),
    ms(0.95),
    ms(1),
    target,
    isReached(result) ? "reached" : "**missed**",
  ];
  return `| ${cells.join(" | ")} |`;
}

function gapsOf(outcomes: readonly Outcome[]): number[] {
  return outcomes.flatMap(({ gapMs }) => (gapMs === null ? [] : [gapMs]));
}
