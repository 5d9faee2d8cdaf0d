import { PhonePanel } from "../support/phone-panel.ts";
import { expect, test } from "../support/test.ts";

test("a reloaded page that nobody has clicked is silent and says so, until a click", async ({ page, sandbox, agent }) => {
  await page.addInitScript(SAY_STATUS);
  await page.goto(sandbox.phone);
  const phone = new PhonePanel(page, sandbox.phone, true);
  await phone.signIn(agent);
  await phone.expectReady();
  // Whatever Playwright evaluates in a page counts as a click in it: until the real one, the page has to say it by itself.
  const silent = page.waitForEvent("console", (message) => message.text() === "status: Silent");
  await page.reload();
  await silent;
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

/** Writes each word of the first line to the console. */
const SAY_STATUS = `addEventListener("DOMContentLoaded", () => {
  let last = "";
  new MutationObserver(() => {
    const word = document.querySelector("[role=status]")?.textContent ?? "";
    if (word !== last) console.debug("status: " + (last = word));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
});`;

/** Takes the microphones out of the browser's list, or puts them back, with the event that goes with it. */
async function plug(phone: PhonePanel, isIn: boolean): Promise<void> {
  await phone.frame().evaluate((present) => {
    const { mediaDevices } = navigator;
    const list = MediaDevices.prototype.enumerateDevices.bind(mediaDevices);
    mediaDevices.enumerateDevices = async () => (await list()).filter(({ kind }) => present || kind !== "audioinput");
    mediaDevices.dispatchEvent(new Event("devicechange"));
  }, isIn);
}
