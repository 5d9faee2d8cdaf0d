import { expect, test } from "../support/test.ts";

test("a working day's first call, from the CRM's buttons to its call log and the phone's history", async ({ phone, agent, crm, page }) => {
  await crm.workAs(agent.user);
  await crm.button("Sign in from the CRM").click();
  await phone.expectReady();

  await crm.button("Ring the agent").click();
  await phone.expectRinging();
  await phone.answer();
  await expect(page.getByRole("heading", { name: "Ravi Kumar" })).toBeVisible();
  await phone.expectToHear();
  await phone.notes.fill("Sends the signed offer tomorrow");
  await phone.hangUp();
  await phone.finishWork("Interested");

  await expect(page.getByText("Sends the signed offer tomorrow").first()).toBeVisible();
  await crm.show("Call log");
  await expect(page.locator("#all-calls").getByText("Sends the signed offer tomorrow")).toHaveCount(1);
  await phone.openCalls();
  await expect(phone.text("Ravi Kumar").first()).toBeVisible();
});
