import type { FarEnd } from "../../e2e/real-network/far-end.ts";
import type { PhoneTab } from "./phone-tab.ts";
import { until } from "./stage.ts";

/** Who ends the call. */
export type Ending = "agent" | "customer";

/**
 * What a call that has survived can still do: digits, hold, a re-INVITE from the far end, and its end. Rejects with what
 * it cannot.
 */
export async function useCall(tab: PhoneTab, far: FarEnd, ending: Ending): Promise<void> {
  await sendDigit(tab, far);
  await holdAndResume(tab, far);
  const status = await far.reinvite();
  if (status !== 200) throw new Error(`the far end's re-INVITE got ${status}`);
  await soundFlows(far, "no sound after the far end's re-INVITE");
  if (ending === "agent") {
    await tab.click("Hang up");
    await until(() => far.endedThereAt !== null, "the agent's BYE did not arrive");
  } else {
    const answer = await far.hangUp();
    if (answer !== 200) throw new Error(`the far end's BYE got ${answer}`);
    await tab.until(`!__probe.button("Hang up") && !__probe.button("Mute")`, "the far end's BYE did not end the call");
  }
}

async function sendDigit(tab: PhoneTab, far: FarEnd): Promise<void> {
  const before = far.digits.length;
  await tab.click("Keypad");
  await tab.click("Star");
  await until(() => far.digits.slice(before).some(({ digit }) => digit === "*"), "the digit did not arrive");
  await tab.click("Keypad");
}

async function holdAndResume(tab: PhoneTab, far: FarEnd): Promise<void> {
  await tab.click("Hold");
  await tab.until(`__probe.button("Resume")`, "hold was not confirmed");
  await until(() => ["sendonly", "inactive"].includes(far.offered.at(-1) ?? ""), "the far end was not put on hold");
  await tab.click("Resume");
  await tab.until(`__probe.button("Hold")`, "resume was not confirmed");
  await until(() => far.offered.at(-1) === "sendrecv", "the far end was not resumed");
  await soundFlows(far, "no sound after the hold");
}

async function soundFlows(far: FarEnd, problem: string): Promise<void> {
  const from = far.rtp.packets;
  await until(() => far.rtp.packets > from + 25, problem);
}
