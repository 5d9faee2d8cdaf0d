import type { Page } from "@playwright/test";
import { talkAfterClick } from "../support/clicked-call.ts";
import { PhonePanel } from "../support/phone-panel.ts";
import { type RunningGateway, startGateway } from "../support/start-gateway.ts";
import { ERRORS, RECORDING, SIGN_IN_AGAIN } from "../../src/ui/strings.ts";
import { callThat, expect, test } from "../support/test.ts";

let gateway: RunningGateway;
test.beforeAll(async ({ sandbox }) => {
  gateway = await startGateway(sandbox);
});
test.afterAll(async () => {
  await gateway.stop();
});

/** The phone on the gateway's own page, as LeadSquared's panel has it. */
function panelOf(page: Page): PhonePanel {
  return new PhonePanel(page, gateway.origin, true);
}

test("[G80] a number typed into the widget rings through the gateway; LeadSquared has the call, and its recording plays", async ({
  page,
  agent,
  control,
}) => {
  const phone = panelOf(page);
  await page.goto(gateway.origin);
  await phone.signInByName(await gateway.addAgent(agent));
  await phone.expectReady();
  await phone.view.getByLabel("Number to call").fill("098450 00011");
  await phone.button("Call").click();
  await phone.expectInCall();
  await expect(phone.button("Answer")).toHaveCount(0);
  const [placed] = (await control.calls()).filter((call) => call.agent === agent.user);
  const sid = placed?.sid ?? "";
  await callThat(control, sid, (call) => call.status === "in-progress" && call.heard.energy > 1e-5, "the customer hears the agent");
  await phone.expectToHear();
  await phone.hangUp();
  await phone.finishWork();
  await callThat(control, sid, (call) => call.recording !== null, "the call is recorded");

  await expect.poll(() => gateway.crm.activities.get(sid)?.recordingUrl ?? "").toContain("/api/recordings/");
  expect(gateway.crm.activities.get(sid)?.body).toMatchObject({
    Direction: "Outbound",
    DestinationNumber: "+91-9845000011",
    Status: "Answered",
    AgentId: agent.user,
  });
  expect(gateway.crm.refused).toEqual([]);
  const recording = gateway.crm.activities.get(sid)?.recordingUrl ?? "";
  const seconds = await page.evaluate(async (src) => {
    const audio = new Audio(src);
    await new Promise((resolve, reject) => {
      audio.onloadedmetadata = resolve;
      audio.onerror = () => reject(new Error(audio.error?.message));
    });
    return audio.duration;
  }, recording);
  expect(seconds).toBeGreaterThan(0);
});

test("[G81] a click in LeadSquared rings the phone, which answers by itself; the log arrives with the note, and the recording plays", async ({
  page,
  agent,
  control,
}) => {
  const phone = panelOf(page);
  const account = await gateway.addAgent(agent);
  // As small as LeadSquared's panel.
  await page.setViewportSize({ width: 400, height: 640 });
  await page.goto(`${gateway.origin}/?host=leadsquared&agent=${agent.user}`);
  await phone.signInByName(account);
  await phone.expectReady();

  const sid = await talkAfterClick(gateway, phone, control, agent);
  await phone.notes.fill("Wants the brochure by Friday");
  await phone.hangUp();
  await phone.finishWork();

  await expect
    .poll(() => gateway.crm.activities.get(sid)?.body, { message: "LeadSquared has the log" })
    .toMatchObject({
      Direction: "Outbound",
      Status: "Answered",
      CallNotes: expect.stringContaining("Wants the brochure by Friday"),
    });
  await phone.openCalls();
  await phone.view.getByLabel("Search calls").fill("brochure");
  const row = phone.view.locator(".row", { hasText: "98450 00011" });
  await expect(row).toHaveCount(1);
  await row.getByRole("button", { expanded: false }).click();
  await expect(row).toContainText("Wants the brochure by Friday");
  await callThat(control, sid, (call) => call.recording !== null, "the call is recorded");
  await row.getByRole("button", { name: RECORDING.play }).click();
  await expect
    .poll(() => row.locator("audio").evaluate((audio: HTMLAudioElement) => audio.currentTime), { message: "the recording plays" })
    .toBeGreaterThan(0.2);
  expect(gateway.crm.refused).toEqual([]);
});

test("[G82] a reload keeps the session and no SIP password; signing out ends it", async ({ page, agent }) => {
  const phone = panelOf(page);
  await page.goto(gateway.origin);
  await phone.signInByName({ user: agent.user, password: "wrong" });
  await expect(phone.text(ERRORS["sign-in-refused"])).toBeVisible();
  await phone.signInByName(await gateway.addAgent(agent));
  await phone.expectReady();
  await page.reload();
  await phone.expectReady();
  await phone.button(/^settings/i).click();
  await phone.button("Sign out").click();
  await expect(phone.view.getByLabel("User name")).toBeVisible();
  await page.reload();
  await expect(phone.view.getByLabel("User name")).toBeVisible();
});

test("[G83] an invitation link signs in without a word typed, leaves the address, and works once", async ({ page, agent }) => {
  const phone = panelOf(page);
  await gateway.addAgent(agent);
  const link = await gateway.invite(agent.user);
  await page.goto(link);
  await phone.expectReady();
  expect(page.url()).toBe(`${gateway.origin}/`);
  await page.context().clearCookies();
  await page.goto("about:blank");
  await page.goto(link);
  await expect(phone.text(ERRORS["sign-in-used"])).toBeVisible();
});

test("[G84] a session that is over is said, the phone rings on, and signing in again brings the clicks of LeadSquared back", async ({
  page,
  agent,
}) => {
  const account = await gateway.addAgent(agent);
  const first = panelOf(page);
  await page.goto(gateway.origin);
  await first.signInByName(account);
  await first.expectReady();
  const other = await page.context().newPage();
  const phone = panelOf(other);
  await other.goto(gateway.origin);
  await phone.expectReady();
  await page.context().clearCookies();
  // The next tab that leads opens the stream anew.
  await page.close();
  await expect(phone.text(ERRORS["session-over"]).first()).toBeVisible();
  await phone.expectReady();
  await phone.button(SIGN_IN_AGAIN).click();
  await phone.signInByName(account);
  await phone.expectReady();
  await expect(phone.text(ERRORS["session-over"])).toHaveCount(0);
  expect(await (await gateway.click(agent.user, "+91-9845000011")).json()).toMatchObject({ status: "success" });
  await phone.expectInCall();
});
