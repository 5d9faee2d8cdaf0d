import type { Network } from "../sandbox/network/network.ts";
import type { Browser, Page, Session } from "./devtools.ts";
import { quiet } from "./quiet.ts";

/** One page under measurement: how to open it and what to press. Expressions run in the page. */
export interface Subject {
  readonly name: string;
  readonly agent: string;
  /** Navigates and returns the session of the document that holds the phone. */
  open(page: Page): Promise<Session>;
  /** Once, in a new browser context: what a person does before an account is stored. */
  prepare(page: Page): Promise<void>;
  readonly ready: string;
  readonly incoming: string;
  readonly answer: string;
  readonly inCall: string;
  readonly hangUp: string;
  readonly idle: string;
  /** What an agent does after a call, so that the next one starts from rest. */
  afterCall(session: Session): Promise<void>;
}

export interface CallTimes {
  /** ms from the INVITE frame to the popup in the DOM. */
  readonly popup: number;
  /** ms from the click on Answer to the 200 OK on the wire. */
  readonly answered: number;
  /** ms from the click on Hang up to the BYE on the wire. */
  readonly bye: number;
  /** Bytes and writes to localStorage from INVITE to idle. */
  readonly storedBytes: number;
  readonly storageWrites: number;
}

/** The page before is put away meanwhile: its end is not part of the next one's start. */
const SETTLING_MS = 1_000;
/** Nobody answers before having seen who calls: also the quickest agent takes longer than this. */
const LOOKING_MS = 300;
const customer = (number: string) => ({ number, name: "Ravi Kumar", behaviour: "speaks" as const, ringMs: 0, talkMs: 60_000, digits: "" });

export async function openReady(page: Page, subject: Subject): Promise<Session> {
  const session = await subject.open(page);
  await session.until(subject.ready, 30_000);
  return session;
}

/** Marks the moment at which an expression becomes true, from the first line of the document on. */
export function watching(mark: string, expression: string): string {
  return `__probe.watch(${JSON.stringify(mark)}, () => ${expression});`;
}

export interface StartTimes {
  /** ms from the navigation of the phone's own document to the registrar's 200 OK at this page. */
  readonly registered: number;
  /** ms to "registered" in its DOM. */
  readonly shown: number;
}

/** With a warm cache and a stored account. The page runs `watching("ready", …)`. */
export async function timeToRegistered(page: Page, subject: Subject): Promise<StartTimes> {
  await page.navigate("about:blank");
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
  await quiet();
  const session = await subject.open(page);
  const shown = await session.evaluate<number>(`__probe.marked("ready")`);
  return { registered: await session.evaluate(`__probe.frame("in", "SIP/2.0 200", "REGISTER")`), shown };
}

export async function oneCall(session: Session, subject: Subject, network: Network, talkMs: number): Promise<CallTimes> {
  await session.evaluate(
    `__probe.frames.length = 0; __probe.storage = { writes: 0, bytes: 0 }; __probe.watch("incoming", () => ${subject.incoming}); 1`,
  );
  const call = network.ringAgent(subject.agent, customer("+919845000012"));
  const incoming = await session.until<number>(`__probe.marks.incoming`);
  await new Promise((resolve) => setTimeout(resolve, LOOKING_MS));
  await session.evaluate(`__probe.watch("inCall", () => ${subject.inCall}); __probe.click("answer", () => { ${subject.answer} }); 1`);
  await session.until(`__probe.marks.inCall`);
  await new Promise((resolve) => setTimeout(resolve, talkMs));
  await session.evaluate(`__probe.watch("idle", () => ${subject.idle}); __probe.click("hangUp", () => { ${subject.hangUp} }); 1`);
  await session.until(`__probe.marks.idle && __probe.frame("out", "BYE")`);
  const times = await session.evaluate<{
    invite: number;
    ok: number;
    bye: number;
    answer: number;
    hangUp: number;
    storage: { bytes: number; writes: number };
  }>(
    `({ invite: __probe.frame("in", "INVITE"), ok: __probe.frame("out", "SIP/2.0 200", "INVITE"), bye: __probe.frame("out", "BYE"),
        answer: __probe.marks.answer, hangUp: __probe.marks.hangUp, storage: __probe.storage })`,
  );
  await ended(network, call.sid);
  await subject.afterCall(session);
  return {
    popup: incoming - times.invite,
    answered: times.ok - times.answer,
    bye: times.bye - times.hangUp,
    storedBytes: times.storage.bytes,
    storageWrites: times.storage.writes,
  };
}

async function ended(network: Network, sid: string): Promise<void> {
  const over = () => network.call(sid)?.endedAt !== null;
  if (over()) return;
  await new Promise<void>((resolve) => {
    const stop = network.on("call", () => {
      if (!over()) return;
      stop();
      resolve();
    });
  });
}

export interface Growth {
  readonly heapBytesPerCall: number;
  readonly listenersPerCall: number;
  readonly nodesPerCall: number;
}

/**
 * Growth from the 5th to the last call. Finished SIP transactions live for 64 × T1 = 32 s (RFC 3261 section 17), so
 * both readings wait until those are gone.
 */
export async function growth(session: Session, subject: Subject, network: Network, calls: number): Promise<Growth> {
  const warmUp = 5;
  const settle = () => new Promise((resolve) => setTimeout(resolve, 34_000));
  for (let call = 0; call < warmUp; call += 1) await oneCall(session, subject, network, 200);
  await settle();
  const before = await session.counters();
  for (let call = 0; call < calls; call += 1) await oneCall(session, subject, network, 200);
  await settle();
  const after = await session.counters();
  return {
    heapBytesPerCall: (after.heapBytes - before.heapBytes) / calls,
    listenersPerCall: (after.listeners - before.listeners) / calls,
    nodesPerCall: (after.nodes - before.nodes) / calls,
  };
}

export interface LongFrame {
  readonly ms: number;
  readonly scripts: readonly { readonly url: string; readonly ms: number; readonly invoker: string }[];
}

/** Long animation frames (over 50 ms) of one load and one call at 4 × CPU throttling, with the scripts that ran in them. */
export async function longFrames(
  browser: Browser,
  scripts: readonly string[],
  subject: Subject,
  network: Network,
): Promise<readonly LongFrame[]> {
  const page = await browser.page(scripts, 4);
  try {
    await subject.prepare(page);
    await page.navigate("about:blank");
    const session = await openReady(page, subject);
    await oneCall(session, subject, network, 1_000);
    return await session.evaluate<LongFrame[]>("__probe.longFrames.filter((frame) => frame.ms > 50)");
  } finally {
    await page.close();
  }
}
