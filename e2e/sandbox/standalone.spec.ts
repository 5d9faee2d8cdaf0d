import { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

test("on a page of its own the phone signs in, rings and talks", async ({ page, sandbox, agent, control }) => {
  await page.goto(sandbox.phone);
  const phone = new PhonePanel(page, sandbox.phone, true);
  await phone.signIn(agent);
  await phone.expectReady();
  const { sid } = await control.ring(agent.user, { number: "+919845000012" });
  await phone.expectRinging();
  await expect(page).toHaveTitle(/98450\s00012 is calling/);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress" && call.heard.energy > 1e-5, "the customer hears the agent");
  await phone.expectToHear();
  await phone.hangUp();
  await phone.finishWork();
  await phone.expectReady();
});
