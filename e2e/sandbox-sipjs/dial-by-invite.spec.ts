import type { Control } from "../support/control.ts";
import type { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, test } from "../support/test.ts";

/** The deployment's phone calls by itself from the next page on. */
async function dialBySip(control: Control, phone: PhonePanel): Promise<() => Promise<unknown>> {
  const config = await control.config();
  await control.setConfig({ ...config, sip: { ...Object(config["sip"]), dialDirect: true }, dialing: { via: "sip", country: "IN" } });
  await phone.page.reload();
  return () => control.setConfig(config);
}

test("the phone calls a number by its own INVITE: it rings there, is answered and heard; busy is told", async ({
  phone,
  agent,
  control,
}) => {
  const restore = await dialBySip(control, phone);
  try {
    await phone.signIn(agent);
    await phone.expectReady();
    const number = phone.view.getByRole("textbox", { name: "Number to call" });
    await number.fill("80000 00031");
    await phone.button("Call").click();
    const mine = async () => (await control.calls()).filter((call) => call.agent === agent.user);
    await expect.poll(async () => (await mine()).length).toBe(1);
    const [placed] = await mine();
    expect(placed).toMatchObject({ direction: "outbound-dial", customer: { number: "+918000000031" } });
    await callThat(
      control,
      placed?.sid ?? "",
      (now) => now.status === "in-progress" && now.heard.energy > 1e-5,
      "the customer hears the agent",
    );
    await phone.expectToHear();
    await phone.hangUp();
    const call = await callThat(control, placed?.sid ?? "", (now) => now.endedAt !== null, "the far end gets the BYE");
    expect(call.endedBy).toBe("agent");
    await phone.finishWork();
    await number.fill("80000 00004");
    await phone.button("Call").click();
    await expect(phone.text(/^Busy/)).toBeVisible();
    await phone.expectReady();
  } finally {
    await restore();
  }
});
