import { readFileSync } from "node:fs";
import { account } from "../../sandbox/exotel-api/account.ts";
import type { Customer, NetworkCall } from "../../sandbox/network/network.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { launchBrowser, type Page, type Session } from "../devtools.ts";
import { configure } from "../pages.ts";
import { openReady, type Subject, watching } from "../steps.ts";
import { widgetSubject } from "../subjects.ts";
import type { SoakFigures } from "./soak-report.ts";

/** The log is full by then (500 entries). */
const WARM_UP_CALLS = 60;
/** Finished SIP transactions live for 64 × T1 = 32 s (RFC 3261 section 17). */
const REST_MS = 34_000;
const CUSTOMER: Customer = { number: "+919845000012", name: "Ravi Kumar", behaviour: "speaks", ringMs: 0, talkMs: 60_000, digits: "" };

/**
 * Calls one after the other in a real browser against the sandbox, each with everything that an agent does in one. In a CRM
 * page: on its own page the phone shows the list of all calls, which grows with them.
 */
export async function realCalls(executable: string, engine: "exotel" | "sipjs", minutes: number): Promise<SoakFigures> {
  const sandbox = await createSandbox();
  await configure(sandbox, engine);
  const browser = await launchBrowser(executable);
  try {
    const [agent] = sandbox.network.agents();
    if (!agent) throw new Error("the sandbox has no agent");
    const subject = widgetSubject(sandbox.addresses, agent, account.voipDomain);
    const scripts = ["../probe.js", "./leak-probe.js"].map((file) => readFileSync(new URL(file, import.meta.url), "utf8"));
    const page = await browser.page([...scripts, watching("ready", subject.ready)]);
    await subject.prepare(page);
    await page.navigate("about:blank");
    return await soak(page, subject, sandbox, minutes);
  } finally {
    await browser.close();
    await sandbox.close();
  }
}

async function soak(page: Page, subject: Subject, sandbox: Sandbox, minutes: number): Promise<SoakFigures> {
  const session = await openReady(page, subject);
  for (let call = 0; call < WARM_UP_CALLS; call += 1) await oneCall(session, subject, sandbox);
  const before = await reading(session);
  const end = Date.now() + minutes * 60_000;
  let calls = 0;
  for (; Date.now() < end; calls += 1) await oneCall(session, subject, sandbox);
  const after = await reading(session);
  const left = Object.fromEntries(Object.entries(after.counts).map(([name, count]) => [name, count - (before.counts[name] ?? 0)]));
  return {
    calls,
    heapBytesPerCall: (after.heapBytes - before.heapBytes) / calls,
    left,
    hint: after.seen === before.seen ? "" : `seen before: ${before.seen}\nseen after: ${after.seen}`,
  };
}

interface Reading {
  readonly heapBytes: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly seen: string;
}

async function reading(session: Session): Promise<Reading> {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  // Which transactions are known is no leak of the phone's; what the probes themselves keep is none either.
  await session.evaluate(`__probe.frames.length = 0; __probe.longFrames.length = 0; 1`);
  const { heapBytes, nodes, listeners } = await session.counters();
  const counts = await session.evaluate<Record<string, number>>("__leaks()");
  return { heapBytes, counts: { ...counts, listeners, "DOM nodes": nodes }, seen: await session.evaluate<string>("__seen()") };
}

async function oneCall(session: Session, subject: Subject, { network }: Sandbox): Promise<void> {
  await session.evaluate("__probe.frames.length = 0; 1");
  const press = async (button: string, next: string): Promise<void> => {
    await session.until(`__probe.button(${JSON.stringify(button)})`);
    await session.evaluate(`__probe.button(${JSON.stringify(button)}).click()`);
    await session.until(next);
  };
  const { sid } = network.ringAgent(subject.agent, CUSTOMER);
  const call = (): NetworkCall => {
    const found = network.call(sid);
    if (found === null) throw new Error("the network has lost a call");
    return found;
  };
  await press("Answer", subject.inCall);
  await until(() => call().heard.packets > 25, "the customer hears nothing");
  await press("Mute", `__probe.button("Unmute")`);
  await press("Unmute", `__probe.button("Mute")`);
  await press("Hold", `__probe.button("Resume")`);
  await until(() => call().heldByAgent, "the customer is not on hold");
  await press("Resume", `__probe.button("Hold")`);
  await until(() => !call().heldByAgent, "the customer is still on hold");
  await press("Keypad", `__probe.button("Star")`);
  await press("Star", "true");
  await until(() => call().digits === "*", "the digit did not arrive");
  await press("Keypad", `document.querySelector(".notes textarea")`);
  await session.evaluate(`(() => {
    const notes = document.querySelector(".notes textarea");
    notes.value = "Wants a quote";
    notes.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
  await press("Hang up", subject.idle);
  await until(() => call().endedAt !== null, "the call does not end");
  await subject.afterCall(session);
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
