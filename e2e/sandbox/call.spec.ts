import { iceServersOf } from "../support/peers.ts";
import { callThat, expect, test } from "../support/test.ts";

/** Mean square below which a customer hears nothing: comfort noise and A-law's own steps are under it. */
const SILENCE = 1e-5;

test.beforeEach(async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
});

test("a call rings, is answered, and both hear each other", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user, { number: "+919845000012" });
  await phone.expectRinging();
  await expect(phone.text("98450 00012").first()).toBeVisible();
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress" && call.heard.energy > SILENCE, "the customer hears the agent");
  await phone.expectToHear();
  expect(await iceServersOf(phone.frame()), "no server but the configured ones is asked for an address").toEqual([]);
});

test("a double click on Answer answers, one on Hang up hangs up, and neither presses what comes in its place", async ({
  phone,
  agent,
  control,
}) => {
  const { sid } = await control.ring(agent.user);
  await phone.button("Answer").dblclick();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.expectInCall();
  await phone.button("Hang up").dblclick();
  await callThat(control, sid, (call) => call.endedAt !== null, "the call is over");
  await expect(phone.button("Save")).toBeVisible();
  await expect(phone.text("Choose or fill in, then save.")).toHaveCount(0);
});

test("a declined call is refused at once, for the caller too", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.expectRinging();
  await phone.button("Decline").click();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the caller is refused");
  expect([480, 486, 603]).toContain(call.agentStatus);
  expect(call.answeredAt).toBeNull();
  await expect(phone.button("Answer")).toBeHidden();
  await phone.expectReady();
});

test("a caller who gives up stops the ringing and is a missed call", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user, { number: "+919845000034" });
  await phone.expectRinging();
  await control.hangUp(sid);
  await callThat(control, sid, (call) => call.endedAt !== null, "the caller gives up");
  await expect(phone.button("Answer")).toBeHidden();
  await phone.expectReady();
  await phone.openCalls();
  await expect(phone.text("98450 00034").first()).toBeVisible();
});

test("the agent hangs up: the customer's side ends too", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.hangUp();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the customer's side ends");
  expect(call.endedBy).toBe("agent");
});

test("the customer hangs up: the agent is asked for the outcome", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await control.hangUp(sid);
  await expect(phone.button("Hang up")).toBeHidden();
  await expect(phone.button("Save")).toBeVisible();
});

test("muted, the customer hears silence; the next call starts unmuted, and its mute works too", async ({ phone, agent, control }) => {
  for (const round of [1, 2]) {
    const { sid } = await control.ring(agent.user, { behaviour: "silent" });
    await phone.answer();
    await callThat(control, sid, (call) => call.heard.energy > SILENCE, `call ${round}: the customer hears the agent`);
    await phone.button("Mute").click();
    await expect(phone.button("Unmute")).toBeVisible();
    await callThat(control, sid, (call) => call.heard.energy < SILENCE, `call ${round}: the customer hears silence`);
    if (round === 1) {
      await phone.button("Unmute").click();
      await callThat(control, sid, (call) => call.heard.energy > SILENCE, "unmuted, the customer hears the agent again");
      await phone.button("Mute").click();
      await expect(phone.button("Unmute")).toBeVisible();
    }
    await phone.hangUp();
    await phone.finishWork();
  }
});

test("on hold nothing is heard on either side, and resuming brings both back", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.heard.energy > SILENCE, "the customer hears the agent");
  await phone.button("Hold").click();
  await expect(phone.button("Resume")).toBeVisible();
  const held = await callThat(control, sid, (call) => call.heldByAgent, "the network is told");
  expect(held.status).toBe("in-progress");
  await callThat(
    control,
    sid,
    (call) => Date.now() - (call.heard.lastPacketAt ?? 0) > 1_000 || call.heard.energy < SILENCE,
    "the customer hears nothing",
  );
  await phone.expectNoPackets();
  await phone.button("Resume").click();
  await expect(phone.button("Hold")).toBeVisible();
  await callThat(control, sid, (call) => !call.heldByAgent && call.heard.energy > SILENCE, "the customer hears the agent again");
  await phone.expectToHear();
});

test("held from both sides, the call is said to be, and is heard again only when both have resumed", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await phone.expectToHear();
  await control.hold(sid, true);
  await expect(phone.text(/^They put you on hold$/)).toBeVisible();
  await phone.button("Hold").click();
  await expect(phone.text("On hold by both of you")).toBeVisible();
  await control.hold(sid, false);
  await expect(phone.text("On hold: they cannot hear you")).toBeVisible();
  await phone.expectNoPackets();
  await phone.button("Resume").click();
  await expect(phone.status).toHaveText("On a call");
  await callThat(control, sid, (call) => call.heard.energy > SILENCE, "the customer hears the agent again");
  await phone.expectToHear();
});

test("digits arrive in the order in which they were pressed", async ({ phone, agent, control }) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await phone.button("Keypad").click();
  for (const digit of "15*0#9") await phone.digit(digit).click();
  await callThat(control, sid, (call) => call.digits === "15*0#9", "all six digits arrive, in order");
});

test("a customer whose name in the CRM is markup is shown as text", async ({ phone, agent, control, page }) => {
  const name = '<img src=x onerror="document.title=1">';
  await page.route("**/api/leads/match*", (route) =>
    route.fulfill({ json: [{ id: "L-666", name, company: name, city: "", stage: name, number: "+919845000012" }] }),
  );
  await control.ring(agent.user, { number: "+919845000012" });
  await phone.expectRinging();
  await expect(phone.text(name).first()).toBeVisible();
  await expect(phone.view.locator('img[src="x"]')).toHaveCount(0);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  await phone.answer();
  await expect(phone.text(name).first()).toBeVisible();
  await expect(phone.view.locator('img[src="x"]')).toHaveCount(0);
});

test("a second caller during a call is refused, and shown as missed", async ({ phone, agent, control }) => {
  await control.ring(agent.user);
  await phone.answer();
  const second = await control.ring(agent.user, { number: "+919845000099" });
  await callThat(control, second.sid, (call) => call.endedAt !== null, "the second caller is refused");
  await expect(phone.text(/missed/i).first()).toBeVisible();
  await expect(phone.button("Hang up")).toBeVisible();
});
