import { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

test("with two tabs of the CRM one registers and rings, the other says where the phone is", async ({
  phone,
  agent,
  sandbox,
  control,
  context,
}) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  const second = new PhonePanel(page, sandbox.phone);
  await expect(second.text(/another tab|other tab/i).first()).toBeVisible();

  const { sid } = await control.ring(agent.user);
  await phone.expectRinging();
  await expect(second.button("Answer")).toHaveCount(0);
  expect((await control.agent(agent.user)).contacts).toHaveLength(1);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
});

test("when the tab with the phone is closed, the next one has it", async ({ phone, agent, sandbox, control, context }) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  const second = new PhonePanel(page, sandbox.phone);
  await expect(second.text(/another tab|other tab/i).first()).toBeVisible();
  await phone.page.close();
  await expect(second.text(/another tab|other tab/i).first()).toBeHidden();
  await second.expectReady();
  await control.ring(agent.user);
  await second.expectRinging();
});

test("the last words that were typed before the tab was closed wait in the next one", async ({
  phone,
  agent,
  sandbox,
  control,
  context,
}) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  const second = new PhonePanel(page, sandbox.phone);
  await expect(second.text(/another tab|other tab/i).first()).toBeVisible();
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.hangUp();
  await phone.notes.pressSequentially("Wants a quote by noon");
  await phone.page.close();
  await expect(second.notes).toHaveValue("Wants a quote by noon");
  // Not the words for a screen reader, which say it too while they are there.
  await expect(second.text(/incoming · You hung up/)).toBeVisible();
});
