import { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

test("a number clicked in the CRM: the exchange rings the agent, whose leg answers itself, then the customer", async ({
  phone,
  agent,
  control,
  crm,
}) => {
  await crm.workAs(agent.user);
  await phone.signIn(agent);
  await phone.expectReady();
  const status = await phone.recordStatus();
  await crm.number("Ravi Kumar").click();
  await status.sinceStart("Calling");
  await expect.poll(async () => (await control.calls()).filter((call) => call.agent === agent.user).length).toBe(1);
  const [placed] = (await control.calls()).filter((call) => call.agent === agent.user);
  expect(placed?.direction).toBe("outbound-api");
  const call = await callThat(
    control,
    placed?.sid ?? "",
    (now) => now.status === "in-progress" && now.heard.energy > 1e-5,
    "the customer hears the agent",
  );
  expect(call.answeredAt).not.toBeNull();
  await phone.expectToHear();
  await expect(phone.button("Answer")).toHaveCount(0);
  await phone.hangUp();
  await callThat(control, call.sid, (now) => now.endedAt !== null, "the customer's side ends");
});

test("a number typed into the pad goes, as one of the deployment's country, to its click-to-call URL, and the leg of that call answers itself", async ({
  page,
  agent,
  control,
  sandbox,
}) => {
  const config = await control.config();
  const url = `${sandbox.phone}/click-to-call`;
  await control.setConfig({ ...config, dialing: { via: "url", url, country: "IN" } });
  try {
    const asked: string[] = [];
    let sid = "";
    await page.route(url, async (route) => {
      const { number } = route.request().postDataJSON() as { number: string };
      asked.push(number);
      sid = (await control.ring(agent.user, { number, behaviour: "speaks" })).sid;
      await route.fulfill({ json: { Call: { Sid: sid } } });
    });
    await page.goto(sandbox.phone);
    const phone = new PhonePanel(page, sandbox.phone, true);
    await phone.signIn(agent);
    await phone.expectReady();
    await phone.view.getByLabel("Number to call").fill("098450 00012");
    await phone.button("Call").click();
    await phone.expectInCall();
    expect(asked).toEqual(["+919845000012"]);
    await callThat(control, sid, (call) => call.status === "in-progress" && call.heard.energy > 1e-5, "the customer hears the agent");
    await phone.expectToHear();
    await phone.hangUp();
  } finally {
    await control.setConfig(config);
  }
});
