import type { NetworkCall } from "../../sandbox/network/network.ts";
import type { Control } from "../support/control.ts";
import type { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

const RAVI = "+918000000001";
const MEERA = "+918000000031";

const hears = (call: NetworkCall): boolean => !call.heldByAgent && call.heard.energy > 1e-5;
/** On hold the agent sends silence at most. */
const hearsNothing = (call: NetworkCall): boolean => call.heldByAgent && call.heard.energy < 1e-6;

async function talkToRavi(phone: PhonePanel, control: Control, agent: string): Promise<string> {
  const { sid } = await control.ring(agent, { number: RAVI });
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress" && hears(call), "Ravi hears the agent");
  return sid;
}
/** The newest call of this agent that is to this number. */
async function callTo(control: Control, agent: string, number: string): Promise<NetworkCall> {
  const find = async () => (await control.calls()).findLast((call) => call.agent === agent && call.customer.number === number);
  await expect.poll(async () => (await find()) !== undefined, { message: `a call to ${number}` }).toBe(true);
  const found = await find();
  if (found === undefined) throw new Error(`no call to ${number}`);
  return found;
}
async function transferTo(phone: PhonePanel, number: string, button: "Transfer now" | "Ask first"): Promise<void> {
  await phone.button("Transfer").click();
  await phone.view.getByRole("textbox", { name: "Number to transfer to" }).fill(number);
  await phone.button(button).click();
}

test.beforeEach(async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
});

test("a second call waits, is answered while the first is held, swapped, and each customer is heard in turn", async ({
  phone,
  agent,
  control,
}) => {
  const first = await talkToRavi(phone, control, agent.user);
  await phone.notes.fill("about Ravi");
  const { sid: second } = await control.ring(agent.user, { number: MEERA });
  await expect(phone.view.getByRole("alertdialog")).toContainText("80000 00031");
  await expect(phone.button("Hang up")).toBeVisible();
  await phone.button("Hold & answer").click();
  await callThat(control, second, (call) => call.status === "in-progress" && hears(call), "Meera hears the agent");
  await callThat(control, first, hearsNothing, "Ravi hears nothing");
  await phone.expectToHear();
  await expect(phone.notes).toHaveValue("");
  await phone.notes.fill("about Meera");
  await phone.button("Swap").click();
  await callThat(control, first, hears, "Ravi hears the agent again");
  await callThat(control, second, hearsNothing, "Meera hears nothing");
  await expect(phone.notes).toHaveValue("about Ravi");
  await phone.hangUpFront();
  await callThat(control, first, (call) => call.endedBy === "agent", "Ravi's call is over");
  expect((await control.call(second)).heldByAgent, "nobody is taken back without a click").toBe(true);
  await phone.button("Resume the call").click();
  await callThat(control, second, hears, "Meera hears the agent");
  await phone.hangUp();
  await expect(phone.notes).toHaveValue("about Meera");
  await phone.view.locator("label", { hasText: /^Interested$/ }).click();
  await phone.button("Save").click();
  await expect(phone.notes).toHaveValue("about Ravi");
  await phone.finishWork();
  await phone.expectReady();
});

test("a waiting call is declined, and the next one takes the place of the first", async ({ phone, agent, control }) => {
  const first = await talkToRavi(phone, control, agent.user);
  const { sid: declined } = await control.ring(agent.user, { number: MEERA });
  await phone.button("Decline").click();
  const refused = await callThat(control, declined, (call) => call.endedAt !== null, "Meera is declined");
  expect(refused.agentStatus).toBe(486);
  const { sid: next } = await control.ring(agent.user, { number: MEERA });
  await phone.button("End & answer").click();
  await callThat(control, first, (call) => call.endedBy === "agent", "Ravi's call is over");
  await callThat(control, next, (call) => call.status === "in-progress" && hears(call), "Meera hears the agent");
  await phone.hangUp();
});

test("a call is sent on without asking; where nobody is reached it stays", async ({ phone, agent, control }) => {
  const sid = await talkToRavi(phone, control, agent.user);
  await transferTo(phone, "80000 00004", "Transfer now");
  await expect(phone.text("The transfer did not go through")).toBeVisible();
  await callThat(control, sid, hears, "Ravi still hears the agent");
  await transferTo(phone, MEERA, "Transfer now");
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the agent's part is over");
  expect(call).toMatchObject({ transferredTo: MEERA, endedBy: "agent" });
  await phone.finishWork();
  const logs = await control.callLogs();
  expect(logs.find((log) => log.call.exotelCallSid === sid)?.call.endReason).toBe("transferred");
});

test("somebody is asked first, and then both are joined", async ({ phone, agent, control, crm }) => {
  await crm.workAs(agent.user);
  const sid = await talkToRavi(phone, control, agent.user);
  await phone.notes.fill("Ravi wants Meera");
  await transferTo(phone, MEERA, "Ask first");
  const asked = await callTo(control, agent.user, MEERA);
  await callThat(control, asked.sid, (call) => call.status === "in-progress" && hears(call), "Meera hears the agent");
  await callThat(control, sid, hearsNothing, "Ravi hears nothing");
  await expect(phone.notes).toHaveValue("Ravi wants Meera");
  await phone.button("Complete transfer").click();
  await callThat(control, asked.sid, (call) => call.endedAt !== null, "Meera's call with the agent is over");
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "Ravi's call with the agent is over");
  expect(call.transferredTo).toBe(MEERA);
  await expect(phone.notes).toHaveValue("Ravi wants Meera");
  await phone.finishWork();
  await phone.expectReady();
});

test("who was asked is let go, and the customer is taken back", async ({ phone, agent, control, crm }) => {
  await crm.workAs(agent.user);
  const sid = await talkToRavi(phone, control, agent.user);
  await transferTo(phone, MEERA, "Ask first");
  const asked = await callTo(control, agent.user, MEERA);
  await callThat(control, asked.sid, (call) => call.status === "in-progress", "Meera answers");
  await phone.button("Back to the customer").click();
  await callThat(control, asked.sid, (call) => call.endedBy === "agent", "Meera's call is over");
  await callThat(control, sid, hears, "Ravi hears the agent");
  await phone.hangUp();
});

test("a page that is reloaded with two calls goes on with both", async ({ phone, agent, control }) => {
  phone.page.on("dialog", (dialog) => void dialog.accept());
  const first = await talkToRavi(phone, control, agent.user);
  const { sid: second } = await control.ring(agent.user, { number: MEERA });
  await phone.button("Hold & answer").click();
  await callThat(control, second, (call) => call.status === "in-progress" && hears(call), "Meera hears the agent");
  await phone.page.reload();
  await phone.expectInCallAgain();
  await callThat(control, second, hears, "Meera hears the agent again");
  expect((await control.call(first)).endedAt).toBeNull();
  await phone.button("Swap").click();
  await callThat(control, first, hears, "Ravi hears the agent");
  await callThat(control, second, hearsNothing, "Meera hears nothing");
  await phone.hangUpFront();
});
