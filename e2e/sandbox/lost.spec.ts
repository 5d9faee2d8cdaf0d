import { BROKEN_OFF } from "../../src/ui/strings.ts";
import type { Control } from "../support/control.ts";
import type { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

/** What an agent is promised, and a little for the way of a click through a busy test machine. */
const NOTICED_WITHIN_MS = 5_000 + 300;

test.beforeEach(async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
});

test("a socket that closes in a call is replaced; the call goes on, and can be ended", async ({ phone, agent, control }) => {
  const sid = await talk(phone, control, agent.user);
  await control.sockets(agent.user, "close");
  await registersAnew(control);
  await goesOnAndEnds(phone, control, sid);
});

test("a socket that falls silent in a call is noticed within five seconds; the call goes on, and can be ended", async ({
  phone,
  agent,
  control,
}) => {
  const sid = await talk(phone, control, agent.user);
  await control.sockets(agent.user, "silence");
  await registersAnew(control);
  await goesOnAndEnds(phone, control, sid);
  await control.sockets(agent.user, "resume");
});

test("a customer's sound that stops in a call is noticed within five seconds, and so is its return", async ({ phone, agent, control }) => {
  const sid = await talk(phone, control, agent.user);
  const status = await phone.recordStatus();
  await control.media(sid, true);
  expect(await status.sinceStart("Reconnecting")).toBeLessThan(NOTICED_WITHIN_MS);
  await control.media(sid, false);
  await expect(phone.status).toHaveText("On a call");
  await phone.expectToHear();
});

test("a reload in a call tells the customer's side", async ({ phone, agent, control }) => {
  const sid = await talk(phone, control, agent.user);
  phone.page.on("dialog", (dialog) => void dialog.accept());
  await phone.page.reload();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the far end gets the BYE");
  expect(call.endedBy).toBe("agent");
});

test("after a reload that ended the call the phone says so, keeps the note, and one click calls back", async ({
  phone,
  agent,
  control,
}) => {
  await talk(phone, control, agent.user);
  // A call of less than half a second reads as none in the history.
  await expect(phone.view.getByRole("timer")).toHaveText("0:01");
  await phone.notes.fill("Half a sent");
  phone.page.on("dialog", (dialog) => void dialog.accept());
  await phone.page.reload();
  await expect(phone.text(BROKEN_OFF["connection-lost"])).toBeVisible();
  await expect(phone.notes).toHaveValue("Half a sent");

  await phone.button("Call back").click();
  await phone.expectInCall();
  await expect(phone.text("Still to write up: Ravi Kumar")).toBeVisible();
  const [call] = (await control.calls()).filter((each) => each.agent === agent.user && each.direction === "outbound-api");
  await callThat(control, call?.sid ?? "", (now) => now.status === "in-progress", "the customer answers");
  await phone.hangUp();
  // The next wrap-up is there at once, so that "Save" never goes.
  await phone.view.locator("label", { hasText: /^Interested$/ }).click();
  await phone.button("Save").click();

  await expect(phone.notes).toHaveValue("Half a sent");
  await phone.finishWork("Not now");
  await phone.openCalls();
  await expect(phone.text(/Connection lost/).first()).toBeVisible();
  await expect(phone.button(/^Call back Ravi Kumar/)).toHaveCount(1);
});

test("closing the tab in a call tells the customer's side", async ({ phone, agent, control }) => {
  const sid = await talk(phone, control, agent.user);
  await phone.page.close();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the far end gets the BYE");
  expect(call.endedBy).toBe("agent");
});

test("leaving the page in a call asks first", async ({ phone, agent, control }) => {
  await talk(phone, control, agent.user);
  const asked = phone.page.waitForEvent("dialog");
  const closing = phone.page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closing;
  await expect(phone.button("Hang up")).toBeVisible();
});

test("a network that restarts while ready: not ready meanwhile, then registered again and ringing", async ({ phone, agent, control }) => {
  const status = await phone.recordStatus();
  await control.restart(2_000);
  await status.sinceStart("Reconnecting");
  await phone.expectReady();
  await expect.poll(async () => (await control.agent(agent.user)).contacts.length).toBeGreaterThan(0);
  await control.ring(agent.user);
  await phone.expectRinging();
});

async function talk(phone: PhonePanel, control: Control, agent: string): Promise<string> {
  const { sid } = await control.ring(agent);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.expectToHear();
  return sid;
}

/** What a dead socket takes is not read: a registration comes over another one, often before a word of it is worth showing. */
async function registersAnew(control: Control): Promise<void> {
  const start = Date.now();
  const isBack = async () => (await control.sipLog()).some(({ at, message }) => at > start && message.startsWith("REGISTER"));
  await expect.poll(isBack, { timeout: NOTICED_WITHIN_MS, intervals: [100] }).toBe(true);
}

/** The media never left; once the line is back, hanging up reaches the customer's side. */
async function goesOnAndEnds(phone: PhonePanel, control: Control, sid: string): Promise<void> {
  await expect(phone.status).toHaveText("On a call", { timeout: 15_000 });
  await phone.expectToHear();
  await phone.hangUp();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the customer's side ends");
  expect(call.endedBy).toBe("agent");
}
