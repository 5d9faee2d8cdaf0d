import { AxeBuilder } from "@axe-core/playwright";
import type { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

test("axe finds nothing in any main state", async ({ phone, agent, control }) => {
  test.setTimeout(180_000);
  // Axe leaves out a frame whose page has not come yet.
  await expect(phone.button("Sign in")).toBeVisible();
  await expectNoViolations(phone, "signed out");
  await phone.signIn(agent);
  await phone.expectReady();
  await expectNoViolations(phone, "ready");
  const looked = await control.ring(agent.user, { name: "Ravi Kumar" });
  await phone.expectRinging();
  await expectNoViolations(phone, "ringing");
  // On a busy machine the look takes longer than a call rings: another one is answered.
  await control.hangUp(looked.sid).catch(() => undefined);
  await callThat(control, looked.sid, (call) => call.endedAt !== null, "the ring is over");
  const { sid } = await control.ring(agent.user, { name: "Ravi Kumar" });
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await expectNoViolations(phone, "in a call");
  await phone.button("Mute").click();
  await expect(phone.button("Unmute")).toBeVisible();
  await phone.button("Hold").click();
  await expect(phone.button("Resume")).toBeVisible();
  await expectNoViolations(phone, "muted and on hold");
  await phone.button("Resume").click();
  await phone.button("Keypad").click();
  await expectNoViolations(phone, "keypad in a call");
  await phone.hangUp();
  await expect(phone.button("Save")).toBeVisible();
  await expectNoViolations(phone, "wrap-up");
  await phone.finishWork();
  await phone.openCalls();
  await expectNoViolations(phone, "calls");
});

test("a whole call by keyboard alone", async ({ phone, agent, control }) => {
  const fields: readonly (readonly [RegExp, string])[] = [
    [/SIP ID/i, agent.user],
    [/SIP password/i, agent.password],
    [/VoIP domain/i, agent.domain],
    [/VoIP proxy/i, agent.proxy],
  ];
  for (const [label, value] of fields) {
    await tabTo(phone, label);
    await phone.page.keyboard.press("ControlOrMeta+A");
    await phone.page.keyboard.type(value);
  }
  await press(phone, /^Sign in$/);
  await phone.expectReady();

  const { sid } = await control.ring(agent.user);
  await phone.expectRinging();
  await press(phone, /^Answer$/);
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await press(phone, /^Mute$/);
  await press(phone, /^Unmute$/);
  await press(phone, /^Hold$/);
  await press(phone, /^Resume$/);
  await press(phone, /^Keypad$/);
  await press(phone, /^4\b/);
  await callThat(control, sid, (call) => call.digits === "4", "the digit arrives");
  await press(phone, /^Hang up$/);
  await callThat(control, sid, (call) => call.endedAt !== null, "the call ends");
  await tabTo(phone, /notes/i);
  await phone.page.keyboard.type("By keyboard");
  await tabTo(phone, /^Interested$/);
  await phone.page.keyboard.press("Space");
  await press(phone, /^Save$/);
  await expect(phone.button("Save")).toBeHidden();
});

async function expectNoViolations(phone: PhonePanel, state: string): Promise<void> {
  const builder = new AxeBuilder({ page: phone.page }).include(`iframe[src^="${phone.origin}"]`);
  let result = await builder.analyze();
  // axe gives a frame one second to take its script, and passes a busy one over in silence.
  await expect(async () => {
    if (!lookedInside(result)) result = await builder.analyze();
    expect(lookedInside(result), "axe looked into the frame").toBe(true);
  }).toPass({ timeout: 30_000 });
  const found = result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  expect(found, `axe, ${state}`).toEqual([]);
}

function lookedInside({ passes }: Awaited<ReturnType<AxeBuilder["analyze"]>>): boolean {
  return passes.some((pass) => pass.nodes.some((node) => node.target.length > 1));
}

async function press(phone: PhonePanel, name: RegExp): Promise<void> {
  await tabTo(phone, name);
  await phone.page.keyboard.press("Enter");
}

/** Presses Tab until the control of this name has the focus, as a person does; fails after one round of the page. */
async function tabTo(phone: PhonePanel, name: RegExp): Promise<void> {
  await expect(phone.control(name)).toBeVisible();
  for (let presses = 0; presses < 80; presses++) {
    const focused = phone.control(name).and(phone.view.locator(":focus"));
    if ((await focused.count()) > 0 && (await focused.isEnabled())) return;
    await phone.page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${name}`);
}
