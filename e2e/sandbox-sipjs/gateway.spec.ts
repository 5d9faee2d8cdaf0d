import type { BrowserContext, Page } from "@playwright/test";
import { ORPHAN_GRACE_MS } from "../../src/protocol/gateway.ts";
import { talkAfterClick } from "../support/clicked-call.ts";
import { type Account, PhonePanel } from "../support/phone-panel.ts";
import { type RunningGateway, startGateway } from "../support/start-gateway.ts";
import { callThat, expect, test } from "../support/test.ts";

let gateway: RunningGateway;
test.beforeAll(async ({ sandbox }) => {
  gateway = await startGateway(sandbox);
});
test.afterAll(async () => {
  await gateway.stop();
});

/** The phone on the gateway's own page, signed in there. */
async function signedIn(page: Page, agent: Account): Promise<PhonePanel> {
  const phone = new PhonePanel(page, gateway.origin, true);
  const account = await gateway.addAgent(agent);
  await page.goto(`${gateway.origin}/?host=leadsquared&agent=${agent.user}`);
  await phone.signInByName(account);
  await phone.expectReady();
  return phone;
}

/** One more tab of the same agent. */
async function anotherTab(context: BrowserContext, agent: Account): Promise<PhonePanel> {
  const page = await context.newPage();
  await page.goto(`${gateway.origin}/?host=leadsquared&agent=${agent.user}`);
  return new PhonePanel(page, gateway.origin, true);
}

test("[G85] a click in LeadSquared rings the phone over sip.js, which answers by itself; the log arrives with the note", async ({
  page,
  agent,
  control,
}) => {
  const phone = await signedIn(page, agent);
  const sid = await talkAfterClick(gateway, phone, control, agent);
  await phone.notes.fill("Wants the brochure by Friday");
  await phone.hangUp();
  await phone.finishWork();
  await expect
    .poll(() => gateway.crm.activities.get(sid)?.body, { message: "LeadSquared has the log" })
    .toMatchObject({
      Direction: "Outbound",
      Status: "Answered",
      AgentId: agent.user,
      CallNotes: expect.stringContaining("Wants the brochure by Friday"),
    });
  expect(gateway.crm.refused).toEqual([]);
});

test("[G86] a call whose last tab is closed is ended at the exchange by the gateway, after its grace and not before", async ({
  page,
  context,
  agent,
  control,
}) => {
  const sid = await talkAfterClick(gateway, await signedIn(page, agent), control, agent);
  const other = await anotherTab(context, agent);
  await other.expectInCall();
  await page.close();
  await other.expectInCallAgain();
  await other.expectToHear();
  const leftAt = Date.now();
  await other.page.close();
  const { endedBy, endedAt } = await callThat(control, sid, (call) => call.endedAt !== null, "the exchange ends the call");
  expect(endedBy).toBe("network");
  expect(Number(endedAt) - leftAt).toBeGreaterThanOrEqual(ORPHAN_GRACE_MS - 50);
});

test("[G86] a call goes on where a page comes back within the grace", async ({ page, context, agent, control }) => {
  const phone = await signedIn(page, agent);
  const sid = await talkAfterClick(gateway, phone, control, agent);
  const callId = await phone.view.locator("body").evaluate(async () => {
    const answer: { calls: { callId: string }[] } = await (await fetch("/api/calls")).json();
    return answer.calls[0]?.callId ?? "";
  });
  await page.close();
  await expect.poll(() => gateway.ownership(callId), { message: "the gateway has heard that the page went" }).toBe("waiting");
  const back = await anotherTab(context, agent);
  await back.expectInCallAgain();
  await expect.poll(() => gateway.ownership(callId), { message: "the gateway has heard of the new page" }).toBe("owned");
  // The point is that nothing happens when the grace is over.
  await back.page.waitForTimeout(ORPHAN_GRACE_MS + 1_000);
  expect((await control.call(sid)).endedAt).toBeNull();
  await back.expectToHear();
  await back.hangUp();
  expect((await callThat(control, sid, (call) => call.endedAt !== null, "the far end gets the BYE")).endedBy).toBe("agent");
});
