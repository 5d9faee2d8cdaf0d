import { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

test("in LeadSquared's Agent Panel, which says nothing but a name in the address, calls ring and are talked through", async ({
  page,
  sandbox,
  agent,
  control,
}) => {
  await page.goto(`${sandbox.crm}/leadsquared.html?agent=sip:${agent.user}`);
  const phone = new PhonePanel(page, sandbox.phone);
  await expect(phone.view.getByLabel(/SIP ID/i)).toHaveValue(new RegExp(agent.user));
  await phone.signIn(agent);
  await phone.expectReady();
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress" && call.heard.energy > 1e-5, "the customer hears the agent");
  await phone.expectToHear();
  await phone.hangUp();
  await phone.finishWork();
  await phone.expectReady();
});
