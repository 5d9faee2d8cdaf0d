import type { Control } from "../support/control.ts";
import { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

declare global {
  /** How often the page has asked for a microphone. */
  var __microphonesAsked: number;
}

async function talk(phone: PhonePanel, control: Control, agent: string): Promise<string> {
  const { sid } = await control.ring(agent);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.expectToHear();
  return sid;
}

test.beforeEach(async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
  phone.page.on("dialog", (dialog) => void dialog.accept());
});

test("a CRM page that is reloaded in a call goes on with it: timer, mute, note and record as they were, without a click", async ({
  phone,
  agent,
  control,
}) => {
  const sid = await talk(phone, control, agent.user);
  await phone.notes.fill("Wants a quote by noon");
  await phone.button("Mute").click();
  await expect(phone.button("Unmute")).toBeVisible();
  await phone.page.reload();
  await phone.expectInCallAgain();
  await expect(phone.button("Unmute")).toBeVisible();
  await expect(phone.notes).toHaveValue("Wants a quote by noon");
  await phone.expectToHear();
  expect((await control.call(sid)).endedAt).toBeNull();
  await phone.button("Unmute").click();
  await phone.hangUp();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the far end gets the BYE");
  expect(call.endedBy).toBe("agent");
  await expect(phone.notes).toHaveValue("Wants a quote by noon");
});

test("a call survives many reloads, and its end by the customer is seen", async ({ phone, agent, control }) => {
  const sid = await talk(phone, control, agent.user);
  for (let times = 0; times < 4; times += 1) {
    await phone.page.reload();
    await phone.expectInCallAgain();
    await phone.expectToHear();
  }
  expect((await control.agent(agent.user)).contacts).toHaveLength(1);
  await control.hangUp(sid);
  await expect(phone.button("Save")).toBeVisible();
});

test("a held call is held after the reload, and goes on when it is resumed", async ({ phone, agent, control }) => {
  const sid = await talk(phone, control, agent.user);
  await phone.button("Hold").click();
  await callThat(control, sid, (call) => call.heldByAgent, "the customer is on hold");
  await phone.page.reload();
  await phone.expectInCallAgain("On hold");
  await expect(phone.button("Resume")).toBeVisible();
  expect((await control.call(sid)).heldByAgent).toBe(true);
  await phone.button("Resume").click();
  await callThat(control, sid, (call) => !call.heldByAgent, "the customer is heard again");
  await phone.expectToHear();
});

test("a call that rings is still there after a reload, opens no microphone, and can be answered", async ({ phone, agent, control }) => {
  await phone.page.addInitScript(() => {
    window.__microphonesAsked = 0;
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (constraints) => ((window.__microphonesAsked += 1), open(constraints));
  });
  const { sid } = await control.ring(agent.user);
  await phone.expectRinging();
  await phone.page.reload();
  await phone.expectRinging();
  expect(await phone.frame().evaluate(() => window.__microphonesAsked)).toBe(0);
  await phone.answer();
  expect(await phone.frame().evaluate(() => window.__microphonesAsked)).toBe(1);
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.expectToHear();
});

test("a tab that is closed in a call leaves it to the next tab, which goes on by itself", async ({
  phone,
  agent,
  control,
  sandbox,
  context,
}) => {
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  const second = new PhonePanel(page, sandbox.phone);
  const sid = await talk(phone, control, agent.user);
  await phone.page.close();
  await second.expectInCallAgain();
  await second.expectToHear();
  await second.hangUp();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the far end gets the BYE");
  expect(call.endedBy).toBe("agent");
});

test("with every tab closed the next page of the phone goes on with the call", async ({ phone, agent, control, sandbox, context }) => {
  const sid = await talk(phone, control, agent.user);
  const page = await context.newPage();
  await phone.page.close();
  await page.goto(sandbox.crm);
  const next = new PhonePanel(page, sandbox.phone);
  await next.expectInCallAgain();
  await next.expectToHear();
  expect((await control.call(sid)).endedAt).toBeNull();
});

test("nothing of the call is left in the browser when it is over", async ({ phone, agent, control }) => {
  await talk(phone, control, agent.user);
  await phone.hangUp();
  const left = () =>
    phone.frame().evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const opening = indexedDB.open("softphone");
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const keys = opening.result.transaction("secrets").objectStore("secrets").getAllKeys();
            keys.onsuccess = () => {
              opening.result.close();
              resolve(keys.result.map(String));
            };
          };
        }),
    );
  await expect.poll(left).toEqual(["account"]);
});

test("a call whose next page cannot load its screen is gone on with by the try after it", async ({ phone, agent, control }) => {
  const sid = await talk(phone, control, agent.user);
  await phone.notes.fill("Wants a quote by noon");
  await phone.page.route("**/assets/screen-*.js", (route) => route.abort());
  await phone.page.reload();
  await expect(phone.view.getByText("The phone did not load completely")).toBeVisible();
  await phone.page.unroute("**/assets/screen-*.js");
  await phone.button("Try again").click();
  await phone.expectInCallAgain();
  await expect(phone.notes).toHaveValue("Wants a quote by noon");
  await phone.expectToHear();
  expect((await control.call(sid)).endedAt).toBeNull();
  await phone.hangUp();
});
