import { type Ending, useCall } from "./after.ts";
import type { PhoneTab } from "./phone-tab.ts";
import { play, type Scenario } from "./scenarios.ts";
import { type LiveCall, type Stage, startCall, until } from "./stage.ts";

/** What became of one call. `gapMs`: how long the customer heard nothing; `null` where the sound never came back. */
export interface Outcome {
  readonly gapMs: number | null;
  /** `null`: the call lives and can do everything. */
  readonly lost: string | null;
  /** Where the time of the gap went; `null` where it was lost. */
  readonly phases: Phases | null;
}

/** ms from the last packet before the gap. */
interface Phases {
  /** The document that has the call now was opened. */
  readonly document: number;
  /** Its re-INVITE left. */
  readonly invite: number;
  /** The 200 came. */
  readonly answer: number;
}

/** The sound is back when half a second of it has come. */
const BACK_PACKETS = 25;
const BACK_WITHIN_MS = 15_000;

/** @throws where there was no call to which anything could happen. */
export async function playRound(stage: Stage, scenario: Scenario, ending: Ending): Promise<Outcome> {
  let other: PhoneTab | null = null;
  let call: LiveCall;
  try {
    call = await startCall(stage, scenario.place, scenario.direction, async (live) => {
      if (!scenario.twoTabs) return;
      other = await live.openTab();
      await other.until(`document.querySelector(".status-word") || /another tab/.test(document.body.innerText)`, "no other tab");
    });
  } catch (error) {
    // Nothing has happened to it yet: that is not a call which was lost, it is a measurement that failed.
    throw new Error(`${scenario.name}: ${messageOf(error)}`, { cause: error });
  }
  let gapMs: number | null = null;
  try {
    const { tab, from, gone } = await play(scenario, call, other);
    const { rtp } = call.far;
    const isBack = () => rtp.packetsSince(gone) >= BACK_PACKETS;
    await until(() => isBack() || call.far.state === "over", "the customer hears nothing any more", BACK_WITHIN_MS);
    if (!isBack()) throw new Error("the phone hung up");
    const silence = rtp.longestSilenceSince(from);
    gapMs = silence.ms;
    await tab.until(`__probe.button("Hang up") && __probe.button("Mute")`, "the call is not shown");
    const phases = await phasesOf(tab, silence.from);
    await useCall(tab, call.far, ending);
    return { gapMs, lost: null, phases };
  } catch (error) {
    return { gapMs, lost: messageOf(error), phases: null };
  } finally {
    await call.close();
  }
}

async function phasesOf(tab: PhoneTab, start: number): Promise<Phases> {
  const phone = await tab.phone();
  const at = await phone.evaluate<{ origin: number; invite: number | null; answer: number | null }>(
    `({ origin: performance.timeOrigin, invite: __probe.frame("out", "INVITE"), answer: __probe.frame("in", "SIP/2.0 200", "INVITE") })`,
  );
  const since = (ms: number | null) => (ms === null ? Number.NaN : at.origin + ms - start);
  return { document: at.origin - start, invite: since(at.invite), answer: since(at.answer) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
