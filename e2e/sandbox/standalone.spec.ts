import { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

declare global {
  /** What the page has asked the browser to open with it. */
  var offered: string[][];
}

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

test("a telephone link opened here is offered and not dialled, and the settings offer to take such links", async ({
  page,
  sandbox,
  agent,
  control,
}) => {
  await page.addInitScript(() => {
    globalThis.offered = [];
    navigator.registerProtocolHandler = (...offer: [string, string | URL]) => void globalThis.offered.push(offer.map(String));
  });
  await page.goto(`${sandbox.phone}/?dial=${encodeURIComponent("tel:+91-98450-00012")}`);
  const phone = new PhonePanel(page, sandbox.phone, true);
  await phone.signIn(agent);
  await phone.expectReady();
  await expect(phone.button(/98450.00012.*Click to call this number/)).toBeVisible();
  expect(page.url()).toBe(`${sandbox.phone}/`);
  expect((await control.calls()).filter((call) => call.agent === agent.user)).toEqual([]);
  await phone.button("Settings").click();
  await phone.button("Open telephone links here").click();
  expect(await page.evaluate(() => globalThis.offered)).toEqual([["tel", `${sandbox.phone}/?dial=%s`]]);
});

for (const hasLocks of [true, false]) {
  const where = hasLocks ? "" : " where the browser has no locks";
  test(`a phone whose screen cannot be loaded says so and does not ring unseen${where}; the next try has both`, async ({
    page,
    sandbox,
    agent,
    control,
  }) => {
    if (!hasLocks) await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
    const contacts = async () => (await control.agent(agent.user)).contacts.length;
    await page.goto(sandbox.phone);
    const phone = new PhonePanel(page, sandbox.phone, true);
    await phone.signIn(agent);
    await phone.expectReady();
    await page.goto("about:blank");
    await expect.poll(contacts).toBe(0);
    // The worst moment: the line is there.
    await page.route("**/assets/screen-*.js", async (route) => {
      await expect.poll(contacts).toBe(1);
      await route.abort();
    });
    await page.goto(sandbox.phone);
    await expect(page.getByText("The phone did not load completely")).toBeVisible();
    await expect.poll(contacts).toBe(0);
    await page.unroute("**/assets/screen-*.js");
    await phone.button("Try again").click();
    await phone.expectReady();
  });
}
