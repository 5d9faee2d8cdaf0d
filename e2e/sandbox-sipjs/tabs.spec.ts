import type { BrowserContext } from "@playwright/test";
import { ELSEWHERE, MOVE_HERE } from "../../src/ui/strings.ts";
import { PhonePanel } from "../support/phone-panel.ts";
import type { Sandbox } from "../support/start-sandbox.ts";
import { callThat, expect, test } from "../support/test.ts";

async function openTab(context: BrowserContext, sandbox: Sandbox): Promise<PhonePanel> {
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  return new PhonePanel(page, sandbox.phone);
}
const elsewhere = (panel: PhonePanel) => panel.view.getByRole("img", { name: ELSEWHERE });

test("a call moves to another tab by a click there, goes on, and both tabs show and command it", async ({
  phone,
  agent,
  control,
  sandbox,
  context,
}) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const second = await openTab(context, sandbox);
  await expect(elsewhere(second)).toBeVisible();
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.expectToHear();

  await second.button("More").click();
  await second.view.getByRole("menuitem", { name: MOVE_HERE }).click();
  await expect(elsewhere(phone)).toBeVisible();
  await expect(elsewhere(second)).toBeHidden();
  await second.expectInCallAgain();
  await second.expectToHear();
  await phone.expectInCallAgain();
  expect((await control.agent(agent.user)).contacts).toHaveLength(1);

  await phone.button("Mute").click();
  await expect(second.button("Unmute")).toBeVisible();
  await phone.button("Unmute").click();
  await expect(second.button("Mute")).toBeVisible();
  await phone.hangUp();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the far end gets the BYE");
  expect(call.endedBy).toBe("agent");
  await expect(second.button("Save")).toBeVisible();
});

test("a page that was only signed in by its form leaves the phone to the next tab, with its account", async ({
  phone,
  agent,
  control,
  sandbox,
  context,
}) => {
  await phone.view.getByLabel(/stay signed in/i).uncheck();
  await phone.signIn(agent);
  await phone.expectReady();
  const second = await openTab(context, sandbox);
  await expect(elsewhere(second)).toBeVisible();
  await phone.page.close();
  await expect(elsewhere(second)).toBeHidden();
  await second.expectReady();
  await control.ring(agent.user);
  await second.expectRinging();
});
