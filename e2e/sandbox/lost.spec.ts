import { callThat, expect, test } from "../support/test.ts";

test.beforeEach(async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
});

test("a socket that closes in a call is noticed at once", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await control.sockets(agent.user, "close");
  await expect(phone.text(/reconnecting|connection/i).first()).toBeVisible({ timeout: 2_000 });
});

test("a socket that falls silent in a call is noticed within five seconds", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await control.sockets(agent.user, "silence");
  await control.media(sid, true);
  await expect(phone.text(/reconnecting|connection|hear/i).first()).toBeVisible({ timeout: 7_000 });
  await control.sockets(agent.user, "resume");
});

test("a reload in a call tells the customer's side", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  phone.page.on("dialog", (dialog) => void dialog.accept());
  await phone.page.reload();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the far end gets the BYE");
  expect(call.endedBy).toBe("agent");
});

test("closing the tab in a call tells the customer's side", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.page.close();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the far end gets the BYE");
  expect(call.endedBy).toBe("agent");
});

test("leaving the page in a call asks first", async ({ phone, agent, control }) => {
  await control.ring(agent.user);
  await phone.answer();
  const asked = phone.page.waitForEvent("dialog");
  const closing = phone.page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closing;
  await expect(phone.button("Hang up")).toBeVisible();
});

test("a network that restarts while ready: not ready meanwhile, then registered again and ringing", async ({ phone, agent, control }) => {
  await control.restart(2_000);
  await expect(phone.status).not.toHaveText("Ready");
  await phone.expectReady();
  await expect.poll(async () => (await control.agent(agent.user)).contacts.length).toBeGreaterThan(0);
  await control.ring(agent.user);
  await phone.expectRinging();
});
