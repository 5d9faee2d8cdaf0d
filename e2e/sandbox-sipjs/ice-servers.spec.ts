import { iceServersOf } from "../support/peers.ts";
import { expect, test } from "../support/test.ts";

test("TURN credentials that expire come from the deployment's server, and each call gets those of its moment", async ({
  page,
  sandbox,
  control,
  phone,
  agent,
}) => {
  const config = await control.config();
  const turn = (credential: string) => ({
    iceServers: [{ urls: ["turn:127.0.0.1:9"], username: "1800000600:asha", credential }],
    ttlSeconds: 30,
  });
  await control.setConfig({ ...config, sip: { ...Object(config["sip"]), iceServersUrl: "/ice-servers" } });
  try {
    await control.setIceServers(turn("first-credential"));
    const fetched = () => page.waitForResponse(`${sandbox.phone}/ice-servers`);
    const first = fetched();
    await page.goto(sandbox.crm);
    await phone.signIn(agent);
    await first;
    await phone.expectReady();
    await control.setIceServers(turn("second-credential"));
    // Two thirds of 30 seconds.
    await page.waitForResponse(`${sandbox.phone}/ice-servers`, { timeout: 30_000 });
    await control.ring(agent.user);
    await phone.answer();
    expect(await iceServersOf(phone.frame())).toMatchObject([{ urls: ["turn:127.0.0.1:9"], credential: "second-credential" }]);
  } finally {
    await control.setConfig(config);
  }
});
