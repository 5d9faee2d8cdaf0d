import type { Page } from "@playwright/test";
import { PhonePanel } from "../support/phone-panel.ts";
import { type RunningGateway, startGateway } from "../support/start-gateway.ts";
import { callThat, expect, test } from "../support/test.ts";

let gateway: RunningGateway;
test.beforeAll(async ({ sandbox }) => {
  gateway = await startGateway(sandbox);
});
test.afterAll(async () => {
  await gateway.stop();
});

/** The widget has no form for it yet: its page signs in by the request that such a form would send. */
async function signIn(page: Page, credentials: { readonly user: string; readonly password: string }): Promise<void> {
  const status = await page.evaluate(async (body) => {
    const headers = { "content-type": "application/json" };
    return (await fetch("/api/sessions", { method: "POST", headers, body: JSON.stringify(body) })).status;
  }, credentials);
  expect(status).toBe(201);
}

test("[G80] a number typed into the widget rings through the gateway; LeadSquared has the call, and its recording plays", async ({
  page,
  agent,
  control,
}) => {
  await page.goto(gateway.origin);
  await signIn(page, await gateway.addAgent(agent.user));
  const phone = new PhonePanel(page, gateway.origin, true);
  await phone.signIn(agent);
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
  expect(seconds).toBeGreaterThan(0.5);
});

test("[G81] a click in LeadSquared rings the agent's phone", async ({ page, agent, control }) => {
  await gateway.addAgent(agent.user);
  await page.goto(gateway.origin);
  const phone = new PhonePanel(page, gateway.origin, true);
  await phone.signIn(agent);
  await phone.expectReady();
  const clicked = await gateway.click(agent.user, "+91-9845000011");
  expect(await clicked.json()).toMatchObject({ status: "success" });
  await phone.expectRinging();
  await phone.answer();
  const [placed] = (await control.calls()).filter((call) => call.agent === agent.user);
  await callThat(control, placed?.sid ?? "", (call) => call.status === "in-progress", "the customer has answered");
  await phone.hangUp();
});
