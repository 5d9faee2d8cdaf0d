import { ORPHAN_GRACE_MS } from "../../src/protocol/gateway.ts";
import { callThat, expect, test } from "../support/test.ts";

test.beforeEach(async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
});

/** From the phone's page, under its own content security policy, as its adapter sends it. */
const SEND = ([request, body]: readonly [string, { readonly callId: string }]): boolean =>
  navigator.sendBeacon(`/gateway/calls/${body.callId}/${request}`, JSON.stringify(body));

test("a call that its pages have left is ended by the gateway; one that another page has taken up is not", async ({
  phone,
  agent,
  control,
}) => {
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  const orphaned = (epoch: number) => ["orphaned", { callId: `call-${sid}`, exotelCallSid: sid, epoch, at: Date.now() }] as const;

  expect(await phone.frame().evaluate(SEND, orphaned(1))).toBe(true);
  expect(await phone.frame().evaluate(SEND, ["owned", { callId: `call-${sid}`, epoch: 2 }] as const)).toBe(true);
  await phone.page.waitForTimeout(ORPHAN_GRACE_MS + 500);
  expect((await control.call(sid)).endedAt).toBeNull();

  const leftAt = Date.now();
  await phone.frame().evaluate(SEND, orphaned(2));
  const { endedBy, endedAt } = await callThat(control, sid, (call) => call.endedAt !== null, "the network ends the call");
  expect(endedBy).toBe("network");
  expect(Number(endedAt) - leftAt).toBeGreaterThanOrEqual(ORPHAN_GRACE_MS - 50);
  await expect(phone.button("Hang up")).toBeHidden();
});
