import { markdown } from "../report.ts";
import { quantile } from "../statistics.ts";
import type { PhoneTab } from "./phone-tab.ts";
import { type LiveCall, type Stage, startCall, until } from "./stage.ts";

/** ms from a click on a key to the digit at the far end. */
export interface FollowerDelays {
  readonly leader: readonly number[];
  readonly follower: readonly number[];
}

export const FOLLOWER = "digit pressed in another tab";
const MOST_MORE_MS = 30;

/** The same key in the tab that has the call and in another tab of the same phone, in turn. */
export async function followerDelays(stage: Stage, rounds: number): Promise<FollowerDelays> {
  const others: PhoneTab[] = [];
  const call = await startCall(stage, "standalone", "incoming", async (live) => void others.push(await live.openTab()));
  const [other] = others;
  if (!other) throw new Error("no other tab was opened");
  const delays = { leader: [] as number[], follower: [] as number[] };
  try {
    await call.tab.click("Keypad");
    await other.click("Keypad");
    for (let round = 0; round <= rounds; round += 1) {
      const leader = await delayOf(call, call.tab);
      const follower = await delayOf(call, other);
      // The first warms up.
      if (round === 0) continue;
      delays.leader.push(leader);
      delays.follower.push(follower);
    }
    return delays;
  } finally {
    await call.close();
  }
}

export function isPrompt({ leader, follower }: FollowerDelays): boolean {
  return quantile(follower, 0.5) <= quantile(leader, 0.5) + MOST_MORE_MS;
}

export function followerTable(delays: FollowerDelays): string {
  const { leader, follower } = delays;
  const ms = (values: readonly number[]) => `${quantile(values, 0.5).toFixed(1)} (p95 ${quantile(values, 0.95).toFixed(1)})`;
  return markdown(
    ["click to effect at the far end, median ms", "in the tab with the call", "in another tab", "to reach", ""],
    [[FOLLOWER, ms(leader), ms(follower), `≤ ${MOST_MORE_MS} ms more`, isPrompt(delays) ? "reached" : "**missed**"]],
  );
}

async function delayOf({ far }: LiveCall, tab: PhoneTab): Promise<number> {
  const before = far.digits.length;
  const clickedAt = await tab.click("Star");
  await until(() => far.digits.length > before, "the digit did not arrive");
  return (far.digits[before]?.at ?? Number.NaN) - clickedAt;
}
