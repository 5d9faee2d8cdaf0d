import { callThat, expect, test } from "../support/test.ts";

test("a call rings, is answered, heard and hung up over sip.js", async ({ phone, agent, control }) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const { sid } = await control.ring(agent.user);
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await phone.expectToHear();
  await phone.hangUp();
  const call = await callThat(control, sid, (now) => now.endedAt !== null, "the far end gets the BYE");
  expect(call.endedBy).toBe("agent");
});
