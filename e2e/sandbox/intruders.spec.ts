import type { Frame, Page } from "@playwright/test";
import type { Control } from "../support/control.ts";
import { PhonePanel } from "../support/phone-panel.ts";
import { servePage } from "../support/serve-page.ts";
import { callThat, expect, test } from "../support/test.ts";

declare global {
  /** `speak`, in the pages that load it. */
  var intrude: (target: Window) => void;
  /** What the ports that a page has handed over have heard, one list a port. */
  var __ports: { type: string }[][];
}

/** Speaks the protocol without the library: hands a port to `target` and notes what comes back on it and on the window. */
function speak(target: Window): void {
  const channel = new MessageChannel();
  const heard: { type: string }[] = [];
  globalThis.__ports ??= [];
  globalThis.__ports.push(heard);
  channel.port1.onmessage = ({ data }) => heard.push(data);
  addEventListener("message", ({ data }) => data?.type !== "hello" && heard.push(data));
  const message = { softphone: 1, id: `id-${globalThis.__ports.length}`, type: "connect", payload: { capabilities: ["place-call"] } };
  target.postMessage(message, "*", [channel.port2]);
  channel.port1.postMessage({ softphone: 1, id: "out", type: "signOut", payload: {} });
}
const SCRIPT = `globalThis.intrude = ${speak.toString()};`;

test("a frame of another origin beside the phone, in a page that is allowed, gets no port and no word", async ({
  page,
  control,
  sandbox,
  agent,
}) => {
  const evil = await servePage("evil.localhost", `<!doctype html><script>${SCRIPT}; intrude(parent.frames[0])</script>`);
  const crm = await servePage(
    "other-crm.localhost",
    `<!doctype html><script>${SCRIPT}</script><iframe allow="microphone; autoplay" src="${sandbox.phone}/"></iframe>`,
  );
  const restore = await allow(control, crm.url);
  try {
    await page.goto(crm.url);
    const phone = new PhonePanel(page, sandbox.phone);
    await phone.signIn(agent);
    await phone.expectReady();
    await page.evaluate((address) => {
      const frame = document.createElement("iframe");
      frame.src = address;
      document.body.append(frame);
    }, evil.url);
    await expect.poll(() => frameOf(page, evil.url)?.evaluate(() => globalThis.__ports.length)).toBe(1);
    // The page itself is heard: whatever the frame has sent was there before it.
    await page.evaluate(() => frames[0] && globalThis.intrude(frames[0]));
    await expect.poll(() => heardBy(page)).toEqual([expect.arrayContaining(["ack"])]);
    expect(await frameOf(page, evil.url)?.evaluate(() => globalThis.__ports)).toEqual([[]]);
  } finally {
    await restore();
    await Promise.all([evil.stop(), crm.stop()]);
  }
});

test("a second connect in a call takes the port over; the first hears no more and the call goes on", async ({
  page,
  control,
  sandbox,
  agent,
}) => {
  const crm = await servePage(
    "other-crm.localhost",
    `<!doctype html><script>${SCRIPT}</script><iframe allow="microphone; autoplay" src="${sandbox.phone}/"></iframe>`,
  );
  const restore = await allow(control, crm.url);
  try {
    await page.goto(crm.url);
    const phone = new PhonePanel(page, sandbox.phone);
    await phone.signIn(agent);
    await phone.expectReady();
    const { sid } = await control.ring(agent.user);
    await phone.answer();
    await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
    await page.evaluate(() => frames[0] && globalThis.intrude(frames[0]));
    await expect.poll(() => heardBy(page)).toEqual([expect.arrayContaining(["ack"])]);
    await page.evaluate(() => frames[0] && globalThis.intrude(frames[0]));
    await expect.poll(async () => (await heardBy(page))[1]).toEqual(expect.arrayContaining(["ack"]));
    // A sign-out is refused in a call, whoever asks.
    await expect.poll(async () => (await heardBy(page))[1]).toEqual(expect.arrayContaining(["refused"]));
    const [before] = await heardBy(page);
    await phone.expectToHear();
    await phone.hangUp();
    await expect.poll(async () => (await heardBy(page))[1]).toEqual(expect.arrayContaining(["call-changed"]));
    expect((await heardBy(page))[0]).toEqual(before);
  } finally {
    await restore();
    await crm.stop();
  }
});

test("a page that opens the phone in a window of its own can tell it nothing", async ({ page, context, sandbox, agent, control }) => {
  const evil = await servePage("evil.localhost", `<!doctype html><button>open</button><script>${SCRIPT}</script>`);
  await page.goto(evil.url);
  const opened = context.waitForEvent("page");
  await page.evaluate((address) => void Object.assign(globalThis, { phone: window.open(address) }), `${sandbox.phone}/?host=post-message`);
  const popup = await opened;
  const phone = new PhonePanel(popup, sandbox.phone, true);
  await phone.signIn(agent);
  await phone.expectReady();
  await popup.evaluate(() => {
    globalThis.__ports = [];
    addEventListener("message", () => globalThis.__ports.push([]));
  });
  await page.evaluate(() => globalThis.intrude((globalThis as unknown as { phone: Window }).phone));
  await expect.poll(() => popup.evaluate(() => globalThis.__ports.length), { message: "it has arrived" }).toBe(1);
  await phone.expectReady();
  expect(await page.evaluate(() => globalThis.__ports)).toEqual([[]]);
  expect((await control.agent(agent.user)).contacts).toHaveLength(1);
  await evil.stop();
});

test("no parameter of the address lets another origin embed the phone", async ({ page, sandbox }) => {
  const frames = ["?host=leadsquared", "?host=standalone&dial=%2B919845000012", "softphone.js", "config.json"];
  const html = frames.map((path) => `<iframe src="${sandbox.phone}/${path}"></iframe>`).join("");
  const evil = await servePage("evil.localhost", `<!doctype html>${html}`);
  const refused: string[] = [];
  page.on("console", (message) => message.text().includes("frame-ancestors") && refused.push(message.text()));
  await page.goto(evil.url);
  await expect.poll(() => refused.length).toBe(frames.length);
  expect(page.frames().some((frame) => frame.url().startsWith(sandbox.phone))).toBe(false);
  await evil.stop();
});

/** One more page may embed the phone until it is taken back. */
async function allow(control: Control, url: string): Promise<() => Promise<unknown>> {
  const config = await control.config();
  const host = config["host"] as { readonly allowedOrigins: readonly string[] };
  await control.setConfig({ ...config, host: { ...host, allowedOrigins: [...host.allowedOrigins, new URL(url).origin] } });
  return () => control.setConfig(config);
}

function frameOf(page: Page, url: string): Frame | undefined {
  return page.frames().find((frame) => frame.url() === url);
}

/** Types of what each port has heard, the oldest port first. */
function heardBy(page: Page): Promise<string[][]> {
  return page.evaluate(() => globalThis.__ports.map((heard) => heard.map(({ type }) => type)));
}
