import type { Page } from "@playwright/test";
import { expect, test } from "./test.ts";

/** Mean square below which a customer hears nothing. The browser's microphone beeps far above it. */
const SILENCE = 1e-5;

test.beforeEach(async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
});

test("a call rings, is answered, both hear each other, and the agent hangs up", async ({ phone, call }) => {
  const caller = await call("talks");
  await phone.expectRinging();
  await expect(phone.text("Ravi Kumar").first()).toBeVisible();
  await phone.answer();
  await expect.poll(() => caller.heard() ?? 0, { message: "the customer hears the agent" }).toBeGreaterThan(SILENCE);
  await phone.expectToHear();
  await phone.hangUp();
  await caller.finished();
});

test("a declined call is refused", async ({ phone, call }) => {
  const caller = await call("refused");
  await phone.expectRinging();
  await phone.button("Decline").click();
  await caller.finished();
  await expect(phone.button("Answer")).toBeHidden();
  await phone.expectReady();
});

test("a caller who gives up stops the ringing", async ({ phone, call }) => {
  const caller = await call("givesUp", { pauseMs: 2_500 });
  await phone.expectRinging();
  await caller.finished();
  await expect(phone.button("Answer")).toBeHidden();
  await phone.expectReady();
});

test("the customer hangs up: the agent is asked for the outcome", async ({ phone, call }) => {
  const caller = await call("hangsUp", { pauseMs: 2_000 });
  await phone.answer();
  await caller.finished();
  await expect(phone.button("Hang up")).toBeHidden();
  await expect(phone.button("Save")).toBeVisible();
});

test("muted, the customer hears silence, in the next call too", async ({ phone, call }) => {
  for (const round of [1, 2]) {
    const caller = await call("talks");
    await phone.answer();
    await expect.poll(() => caller.heard() ?? 0, { message: `call ${round}: the customer hears the agent` }).toBeGreaterThan(SILENCE);
    await phone.button("Mute").click();
    await expect(phone.button("Unmute")).toBeVisible();
    await expect.poll(() => caller.heard() ?? 1, { message: `call ${round}: the customer hears silence` }).toBeLessThan(SILENCE);
    await phone.hangUp();
    await caller.finished();
    await phone.finishWork();
  }
});

test("on hold nothing is heard on either side, and resuming brings both back", async ({ phone, call }) => {
  const caller = await call("talks");
  await phone.answer();
  await expect.poll(() => caller.heard() ?? 0, { message: "the customer hears the agent" }).toBeGreaterThan(SILENCE);
  await phone.button("Hold").click();
  await expect(phone.button("Resume")).toBeVisible();
  await expect.poll(() => caller.heard() ?? 0, { message: "the customer hears nothing" }).toBeLessThan(SILENCE);
  await phone.expectNoPackets();
  await phone.button("Resume").click();
  await expect(phone.button("Hold")).toBeVisible();
  await expect.poll(() => caller.heard() ?? 0, { message: "the customer hears the agent again" }).toBeGreaterThan(SILENCE);
  await phone.expectToHear();
  await phone.hangUp();
  await caller.finished();
});

test("digits arrive by SIP INFO in the order in which they were pressed", async ({ phone, call }) => {
  const caller = await call("talks");
  await phone.answer();
  await phone.button("Keypad").click();
  for (const digit of "15*0#9") await phone.digit(digit).click();
  await expect.poll(() => caller.digits(), { message: "all six digits, in order" }).toBe("15*0#9");
});

test("a second caller during a call is refused, and shown as missed", async ({ phone, call }) => {
  await call("talks");
  await phone.answer();
  const second = await call("refused");
  await second.finished();
  await expect(phone.text(/missed/i).first()).toBeVisible();
  await expect(phone.button("Hang up")).toBeVisible();
});

test("a reload in a call sends the BYE", async ({ phone, call }) => {
  const caller = await call("talks");
  await phone.answer();
  await expect.poll(() => caller.packets, { message: "the call is up" }).toBeGreaterThan(20);
  phone.page.on("dialog", (dialog) => void dialog.accept());
  await phone.page.reload();
  await caller.finished();
});

test("a caller whose SIP display name is markup is shown as text", async ({ phone, call }) => {
  const name = "<img src=x onerror=document.title=1>";
  await call("refused", { name });
  await phone.expectRinging();
  await expect(phone.text(name).first()).toBeVisible();
  await expect(phone.view.locator('img[src="x"]')).toHaveCount(0);
  await phone.button("Decline").click();
  await expect(phone.button("Answer")).toBeHidden();
});

test("Kamailio restarts while ready: not ready meanwhile, then registered again and ringing", async ({ phone, network, call }) => {
  const notReady = expect(phone.status).not.toHaveText("Ready");
  await network.restart();
  await notReady;
  await phone.expectReady();
  await call("talks");
  await phone.expectRinging();
});

test("Kamailio restarts in a call: both go on hearing each other, and the hang-up reaches the customer", async ({
  phone,
  network,
  call,
}) => {
  const caller = await call("talks");
  await phone.answer();
  await phone.expectToHear();
  const registered = registersAnew(phone.page);
  await network.restart();
  await registered;
  // "Reconnecting" is said only of what takes longer than a second.
  await expect(phone.status).toHaveText("On a call");
  await phone.expectToHear();
  await phone.hangUp();
  await caller.finished();
});

/** Over a socket that is opened after this. */
function registersAnew(page: Page): Promise<void> {
  return new Promise((resolve) => {
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (/^SIP\/2\.0 200 [^]*CSeq: \d+ REGISTER/i.test(String(payload))) resolve();
      }),
    );
  });
}
