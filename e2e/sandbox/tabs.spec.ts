import type { BrowserContext } from "@playwright/test";
import { ELSEWHERE, ERRORS, MOVE_HERE } from "../../src/ui/strings.ts";
import { CrmPage } from "../support/crm-page.ts";
import { PhonePanel } from "../support/phone-panel.ts";
import type { Sandbox } from "../support/start-sandbox.ts";
import { callThat, expect, test } from "../support/test.ts";

/** One more tab of the CRM. */
async function openTab(context: BrowserContext, sandbox: Sandbox): Promise<PhonePanel> {
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  return new PhonePanel(page, sandbox.phone);
}
async function expectElsewhere(panel: PhonePanel): Promise<void> {
  await expect(panel.view.getByRole("img", { name: ELSEWHERE })).toBeVisible();
}

test("with two tabs of the CRM one registers, both ring, and the second answers, mutes, holds, hangs up, writes and saves", async ({
  phone,
  agent,
  sandbox,
  control,
  context,
}) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const second = await openTab(context, sandbox);
  await second.expectReady();
  await expectElsewhere(second);

  const { sid } = await control.ring(agent.user);
  await phone.expectRinging();
  await second.expectRinging();
  expect((await control.agent(agent.user)).contacts).toHaveLength(1);
  await second.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.expectInCall();
  await phone.expectToHear();

  await second.button("Mute").click();
  await expect(phone.button("Unmute")).toBeVisible();
  await expect(second.button("Unmute")).toBeVisible();
  await second.button("Unmute").click();
  await second.button("Hold").click();
  await callThat(control, sid, (call) => call.heldByAgent, "the customer is on hold");
  await expect(phone.button("Resume")).toBeVisible();
  await second.button("Resume").click();
  await callThat(control, sid, (call) => !call.heldByAgent, "the customer is back");

  await second.notes.pressSequentially("Wants a quote by noon");
  await expect(phone.notes).toHaveValue("Wants a quote by noon");
  await phone.notes.press("End");
  await phone.notes.pressSequentially(", in writing");
  await expect(second.notes).toHaveValue("Wants a quote by noon, in writing");
  await second.hangUp();
  await callThat(control, sid, (call) => call.status === "completed", "the call is over");
  await second.finishWork();
  await expect(phone.button("Save")).toBeHidden();
  const logs = async () => (await control.callLogs()).filter((log) => log.call.exotelCallSid === sid);
  await expect.poll(async () => (await logs()).length, { message: "the CRM stores the call once" }).toBe(1);
  expect((await logs())[0]?.disposition.notes).toBe("Wants a quote by noon, in writing");
});

test("when the tab with the phone is closed, the next one has it", async ({ phone, agent, sandbox, control, context }) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const second = await openTab(context, sandbox);
  await expectElsewhere(second);
  await phone.page.close();
  await expect(second.view.getByRole("img", { name: ELSEWHERE })).toBeHidden();
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
  const second = await openTab(context, sandbox);
  await expectElsewhere(second);
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

test("a number clicked in the CRM of the second tab is dialled by the one phone, and shown in both", async ({
  phone,
  agent,
  sandbox,
  control,
  crm,
  context,
}) => {
  await crm.workAs(agent.user);
  await phone.signIn(agent);
  await phone.expectReady();
  const second = await openTab(context, sandbox);
  await second.expectReady();
  await new CrmPage(second.page, sandbox.crm).number("Ravi Kumar").click();
  await second.expectInCall();
  await phone.expectInCall();
  expect((await control.calls()).filter((call) => call.agent === agent.user)).toHaveLength(1);
  expect((await control.agent(agent.user)).contacts).toHaveLength(1);
});

test("the phone moves to the tab that asks for it, but not in a call", async ({ phone, agent, sandbox, control, context }) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const second = await openTab(context, sandbox);
  await second.expectReady();
  await second.button("More").click();
  await second.view.getByRole("menuitem", { name: MOVE_HERE }).click();
  await expectElsewhere(phone);
  await second.expectReady();
  await phone.expectReady();
  await expect.poll(async () => (await control.agent(agent.user)).contacts.length, { message: "one registers" }).toBe(1);

  await control.ring(agent.user);
  await phone.answer();
  await phone.button("More").click();
  await phone.view.getByRole("menuitem", { name: MOVE_HERE }).click();
  await expect(phone.text(ERRORS["call-in-progress"])).toBeVisible();
  await second.expectToHear();
  await expectElsewhere(phone);
});

test("a page of its own that loads itself anew has the phone again; one that the browser reloads finds it in the other tab", async ({
  page,
  agent,
  sandbox,
  control,
  context,
}) => {
  await page.goto(sandbox.phone);
  const first = new PhonePanel(page, sandbox.phone, true);
  await first.signIn(agent);
  await first.expectReady();
  const other = await context.newPage();
  await other.goto(sandbox.phone);
  const second = new PhonePanel(other, sandbox.phone, true);
  await second.expectReady();
  await expectElsewhere(second);

  // Not the load state: the page that goes is loaded, and Ready, for a while yet.
  const loadedAnew = page.waitForEvent("load");
  await page.evaluate(() => location.reload());
  await loadedAnew;
  await first.expectReady();
  await expectElsewhere(second);
  await page.reload();
  await expectElsewhere(first);
  await first.expectReady();
  await expect(second.view.getByRole("img", { name: ELSEWHERE })).toHaveCount(0);
  await control.ring(agent.user);
  await first.expectRinging();
  await second.expectRinging();
});

test("a tab that hangs is said to, and the phone is taken from it by force", async ({ page, agent, sandbox, control, context }) => {
  await page.goto(sandbox.phone);
  const first = new PhonePanel(page, sandbox.phone, true);
  await first.signIn(agent);
  await first.expectReady();
  const other = await context.newPage();
  await other.goto(sandbox.phone);
  const second = new PhonePanel(other, sandbox.phone, true);
  await second.expectReady();

  const hanging = page.evaluate(() => {
    const end = Date.now() + 8_000;
    while (Date.now() < end);
  });
  await second.button("More").click();
  await second.view.getByRole("menuitem", { name: MOVE_HERE }).click();
  await expect(second.text(ERRORS["leader-silent"])).toBeVisible();
  await second.button("Move it here").click();
  await expect(second.view.getByRole("img", { name: ELSEWHERE })).toBeHidden();
  await second.expectReady();
  await hanging;
  await expectElsewhere(first);
  await first.expectReady();
  await expect.poll(async () => (await control.agent(agent.user)).contacts.length, { message: "one registers" }).toBe(1);
});
