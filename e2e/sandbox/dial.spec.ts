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
