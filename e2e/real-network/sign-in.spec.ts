import { expect, test } from "./test.ts";

test("an agent is registered at Kamailio and reads Ready", async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
  await expect(phone.button("Sign in")).toHaveCount(0);
});

test("a wrong password is said, and Kamailio is not asked for ever", async ({ phone, agent }) => {
  await phone.signIn({ ...agent, password: "not-it" });
  await phone.expectCredentialsRefused();
  await phone.signIn(agent);
  await phone.expectReady();
});
