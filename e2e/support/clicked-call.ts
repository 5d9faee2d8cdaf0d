import type { Control } from "./control.ts";
import type { Account, PhonePanel } from "./phone-panel.ts";
import type { RunningGateway } from "./start-gateway.ts";
import { callThat, expect } from "./test.ts";

/** A click in LeadSquared, which the phone has answered by itself, and the customer after it. @returns Exotel's id of the call. */
export async function talkAfterClick(gateway: RunningGateway, phone: PhonePanel, control: Control, agent: Account): Promise<string> {
  const clicked = await gateway.click(agent.user, "+91-9845000011");
  expect(await clicked.json()).toMatchObject({ status: "success" });
  await phone.expectInCall();
  await expect(phone.button("Answer")).toHaveCount(0);
  const [placed] = (await control.calls()).filter((call) => call.agent === agent.user);
  const sid = placed?.sid ?? "";
  await callThat(control, sid, (call) => call.status === "in-progress", "the customer has answered");
  await phone.expectToHear();
  return sid;
}
