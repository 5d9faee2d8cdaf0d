import type { Page } from "@playwright/test";
import { PhonePanel } from "../support/phone-panel.ts";
import { expect, test } from "../support/test.ts";

test("a reloaded page that nobody has clicked is silent and says so, until a click", async ({ page, sandbox, agent }) => {
  const phone = await standalone(page, sandbox.phone);
  await phone.signIn(agent);
  await phone.expectReady();
  await page.reload();
  await expect(phone.status).toHaveText("Silent");
  await phone.button("Enable ringing").click();
  await phone.expectReady();
});

test("a headset that is unplugged is seen at once, here and in the CRM, and so is its return", async ({ phone, agent, crm }) => {
  await phone.signIn(agent);
  await phone.expectReady();
  await expect(crm.agentState).toHaveText("Ready");
  await plug(phone, false);
  await expect(phone.status).toHaveText("No microphone");
  await expect(crm.agentState).toHaveText("No microphone");
  await plug(phone, true);
  await phone.expectReady();
  await expect(crm.agentState).toHaveText("Ready");
});

async function standalone(page: Page, url: string): Promise<PhonePanel> {
  await page.goto(url);
  return new PhonePanel(page, url, true);
}

/** Takes the microphones out of the browser's list, or puts them back, with the event that goes with it. */
async function plug(phone: PhonePanel, isIn: boolean): Promise<void> {
  await phone.frame().evaluate((present) => {
    const { mediaDevices } = navigator;
    const list = MediaDevices.prototype.enumerateDevices.bind(mediaDevices);
    mediaDevices.enumerateDevices = async () => (await list()).filter(({ kind }) => present || kind !== "audioinput");
    mediaDevices.dispatchEvent(new Event("devicechange"));
  }, isIn);
}
