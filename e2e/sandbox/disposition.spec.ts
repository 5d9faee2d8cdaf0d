import type { Control } from "../support/control.ts";
import type { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

test.beforeEach(async ({ phone, agent, control }) => {
  await control.clearCallLogs();
  await phone.signIn(agent);
  await phone.expectReady();
});

test("an outcome is stored once in the CRM, and stays one after a reload of the CRM page", async ({ phone, agent, control }) => {
  const sid = await talkAndHangUp(phone, control, agent.user);
  await phone.notes.fill("Wants a demo on Monday");
  await phone.finishWork();
  await expect.poll(async () => (await logsOf(control, sid)).length, { message: "the CRM stores the call" }).toBe(1);
  const [log] = await logsOf(control, sid);
  expect(log?.disposition.notes).toBe("Wants a demo on Monday");
  expect(log?.disposition.fields).toMatchObject({ outcome: "interested" });

  await phone.page.reload();
  await phone.expectReady();
  // Whatever would come of the first call again has come when a later one is there.
  const later = await talkAndHangUp(phone, control, agent.user);
  await phone.finishWork();
  await expect.poll(() => deliveriesOf(phone, later)).toEqual([1]);
  expect(await deliveriesOf(phone, sid)).toEqual([1]);
});

test("an acknowledgement that is lost, then a reload of the panel: still one record", async ({ phone, agent, control }) => {
  await control.faults({ loseAcknowledgements: 1 });
  const sid = await talkAndHangUp(phone, control, agent.user);
  await phone.notes.fill("Said once");
  await phone.finishWork();
  await expect.poll(async () => (await logsOf(control, sid)).length, { message: "the CRM stores the call" }).toBe(1);
  await reloadPanel(phone);
  await expect.poll(() => deliveriesOf(phone, sid), { message: "one record, delivered twice" }).toEqual([2]);
});

test("a CRM that refuses to save gets the record later, once", async ({ phone, agent, control, troubles }) => {
  await control.faults({ failSaves: 1 });
  const sid = await talkAndHangUp(phone, control, agent.user);
  await phone.notes.fill("Kept until it is taken");
  await phone.finishWork();
  await reloadPanel(phone);
  await expect.poll(async () => (await logsOf(control, sid)).length, { message: "the kept record is delivered" }).toBe(1);
  // The library reports what the CRM's own handler threw, so that its developer sees it.
  expect(troubles.splice(0)).toEqual([expect.stringContaining("the CRM's database is told to fail")]);
});

test("a half-written note survives a reload of the panel", async ({ phone, agent, control }) => {
  await talkAndHangUp(phone, control, agent.user);
  await phone.notes.fill("Half a sentence that nobody may lo");
  await reloadPanel(phone);
  await expect(phone.notes).toHaveValue("Half a sentence that nobody may lo");
});

async function talkAndHangUp(phone: PhonePanel, control: Control, agent: string): Promise<string> {
  const { sid } = await control.ring(agent, { name: "Ravi Kumar", number: "+919845000012" });
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.hangUp();
  return sid;
}

async function logsOf(control: Control, sid: string) {
  return (await control.callLogs()).filter((log) => log.call.exotelCallSid === sid);
}

async function reloadPanel(phone: PhonePanel): Promise<void> {
  const loaded = phone.page.waitForEvent("framenavigated", (frame) => frame === phone.frame());
  await phone.frame().evaluate(() => location.reload());
  await loaded;
}

/** How often each record of this call was delivered to the CRM. */
function deliveriesOf(phone: PhonePanel, sid: string): Promise<number[]> {
  return phone.page.evaluate(async (wanted) => {
    const stored = (await (await fetch("/api/call-logs")).json()) as { log: { call: { exotelCallSid: string } }; deliveries: number }[];
    return stored.filter(({ log }) => log.call.exotelCallSid === wanted).map(({ deliveries }) => deliveries);
  }, sid);
}
