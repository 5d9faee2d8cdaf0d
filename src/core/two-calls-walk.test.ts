import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { type FakePage, readyPage } from "./fakes/page.ts";
import type { LegId } from "./ports.ts";

/** Random walks over two calls at one desk, with a far end that answers when it likes or not at all. */
const STEPS = [
  "ring",
  "ring",
  "answer",
  "answer",
  "connect",
  "connect",
  "end-and-answer",
  "reject",
  "silence",
  "hang-up",
  "swap",
  "swap",
  "hold",
  "resume",
  "mute",
  "dial",
  "consult",
  "complete",
  "complete-refused",
  "cancel-consult",
  "transfer",
  "hold-answered",
  "hold-answered",
  "hold-answered",
  "hold-refused",
  "end-first",
  "end-last",
  "give-up",
  "media-lost",
  "media-back",
  "time",
  "save",
] as const;
type Step = (typeof STEPS)[number];
/** Walks that begin with nothing, and some that are already in the middle of it. */
const BEGINNINGS: readonly (readonly Step[])[] = [
  [],
  ["ring", "answer", "connect", "ring"],
  ["ring", "answer", "connect", "ring", "answer", "hold-answered", "connect"],
  ["ring", "answer", "connect", "consult", "hold-answered", "connect"],
];

/** What the far ends know, told by commands and events alone. */
interface Truth {
  /** Legs that were answered or placed and are not over: somebody is, or is about to be, heard on them. */
  readonly open: Set<LegId>;
  readonly held: Set<LegId>;
  /** Hold requests that nobody has answered. */
  readonly asked: { readonly leg: LegId; readonly held: boolean }[];
}

type Page = FakePage<FakeEngine>;

async function openDesk(): Promise<{ readonly page: Page; readonly truth: Truth; readonly broken: string[] }> {
  const engine = new FakeEngine();
  engine.capabilities = { ...engine.capabilities, canTransfer: true, canHoldTwoCalls: true, canDialDirect: true };
  engine.obeys = false;
  const truth: Truth = { open: new Set(), held: new Set(), asked: [] };
  const broken: string[] = [];
  watchEngine(engine, truth, broken);
  const sip = { engine: "sipjs", dialDirect: true, allowedProxies: ["voip.example.com:443"] };
  const page = await readyPage(engine, { config: { sip, dialing: { via: "sip" }, wrapUp: { seconds: 0 } } });
  return { page, truth, broken };
}

/** Keeps the truth, and notes the moment in which two could be heard. */
function watchEngine(engine: FakeEngine, truth: Truth, broken: string[]): void {
  const live = (): LegId[] =>
    [...truth.open].filter((leg) => !truth.held.has(leg) || truth.asked.some((asked) => asked.leg === leg && !asked.held));
  const look = (when: string): void => {
    if (live().length > 1) broken.push(`two are heard after ${when}`);
  };
  const answer = engine.answer.bind(engine);
  engine.answer = async (leg) => {
    truth.open.add(leg);
    look("answer");
    await answer(leg);
  };
  const place = engine.place.bind(engine);
  engine.place = async (number) => {
    const placed = await place(number);
    truth.open.add(placed.leg);
    look("place");
    return placed;
  };
  const setHeld = engine.setHeld.bind(engine);
  engine.setHeld = async (leg, held) => {
    truth.asked.push({ leg, held });
    look(`setHeld ${held}`);
    await setHeld(leg, held);
  };
  engine.on((event) => {
    if (event.type === "leg-held") void (event.held ? truth.held.add(event.leg) : truth.held.delete(event.leg));
    if (event.type !== "leg-ended") return;
    truth.open.delete(event.leg);
    truth.held.delete(event.leg);
  });
}

async function take(step: Step, { phone, engine, clock }: Page, truth: Truth, turn: number): Promise<void> {
  const legs = [...engine.legs.keys()];
  const [first] = legs;
  const last = legs.at(-1);
  const waiting = truth.asked.findIndex(({ leg }) => engine.legs.has(leg));
  const asked = waiting < 0 ? undefined : truth.asked.splice(waiting, 1)[0];
  if (asked !== undefined && step !== "hold-answered" && step !== "hold-refused") truth.asked.unshift(asked);
  const tried = (action: Promise<unknown>): void => void action.catch(() => undefined);
  const plays: Record<Step, () => void | Promise<void>> = {
    ring: () => void engine.ring({ number: `+9180000001${String(turn).padStart(2, "0")}` }),
    answer: () => tried(phone.answer()),
    connect: () => {
      const next = legs.find((leg) => truth.open.has(leg));
      const other = legs.findLast((leg) => truth.open.has(leg));
      for (const leg of new Set([next, other])) if (leg !== undefined) engine.emit({ type: "leg-connected", leg });
    },
    "end-and-answer": () => tried(phone.endAndAnswer()),
    reject: () => tried(phone.reject()),
    silence: () => phone.silence(),
    "hang-up": () => tried(phone.hangUp()),
    swap: () => tried(phone.swap()),
    hold: () => tried(phone.setHeld(true)),
    resume: () => tried(phone.setHeld(false)),
    mute: () => tried(phone.setMuted(turn % 2 === 0)),
    dial: () => tried(phone.dial("+918000000050")),
    consult: () => tried(phone.consult("+918000000051")),
    complete: () => tried(phone.completeTransfer()),
    "complete-refused": () => {
      engine.transferResult = "refused";
      tried(phone.completeTransfer().finally(() => void (engine.transferResult = "reached")));
    },
    "cancel-consult": () => tried(phone.cancelConsult()),
    transfer: () => tried(phone.transfer("+918000000052")),
    "hold-answered": () => void (asked && engine.emit({ type: "leg-held", ...asked })),
    "hold-refused": () => void (asked && engine.emit({ type: "leg-hold-refused", leg: asked.leg, held: !asked.held, sipCode: 488 })),
    "end-first": () => void (first && engine.end(first)),
    "end-last": () => void (last && engine.end(last)),
    "give-up": () => void (last && !truth.open.has(last) && engine.end(last, "cancelled")),
    "media-lost": () => void (first && engine.emit({ type: "leg-media", leg: first, ok: false })),
    "media-back": () => void (first && engine.emit({ type: "leg-media", leg: first, ok: true })),
    time: () => clock.wind(5_000),
    save: () => tried(phone.saveWork()),
  };
  await plays[step]();
  await settled();
}

const rings = ({ phone }: Page) => [phone.call.value, phone.otherCall.value].filter((call) => call?.phase === "ringing" && !call.silenced);

function lookAt(page: Page, truth: Truth): string | null {
  const { phone, engine, audio } = page;
  const [call, other] = [phone.call.value, phone.otherCall.value];
  if (engine.strayCommands.length > 0) return `a leg that is over was commanded: ${JSON.stringify(engine.strayCommands)}`;
  if (audio.isRinging !== rings(page).length > 0) return `ringer ${audio.isRinging}, ringing ${rings(page).length}`;
  if (other !== null && (call === null || call.phase === "wrap-up" || call.phase === "ended")) return "a call is up behind none";
  if (other !== null && other.phase !== "ringing" && !other.hold.confirmed) return `the other call is ${other.phase} and not held`;
  if (truth.open.size > 2) return "three legs";
  return null;
}

/** Everything is ended and written: each call that was told must have been logged once. */
async function close({ phone, engine, host, clock }: Page): Promise<string | null> {
  for (const leg of engine.legs.keys()) engine.end(leg);
  await clock.wind(5_000);
  for (let round = 0; phone.work.value !== null && round < 50; round += 1) {
    await phone.saveWork();
    await settled();
  }
  await clock.wind(60_000);
  const seen = new Set(host.eventsNamed("call-changed").map(({ call }) => call.callId));
  const logged = host.attempts.map(({ logId }) => logId);
  const kept = phone.history.value.map(({ callId }) => callId);
  if (phone.call.value !== null || phone.otherCall.value !== null) return "a call is left";
  if (new Set(logged).size !== logged.length) return "logged twice";
  if (new Set(kept).size !== kept.length) return "twice in the history";
  const missing = [...seen].filter((callId) => !logged.includes(callId) || !kept.includes(callId));
  return missing.length === 0 ? null : `never logged: ${missing.join(", ")}`;
}

test("[C30] [C31] [C32] [C33] [C34] [C36] no walk over two calls lets two be heard, a ringer run on, a dead leg be commanded or a call be lost", async () => {
  let deepest = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...BEGINNINGS),
      fc.array(fc.constantFrom(...STEPS), { maxLength: 50, size: "max" }),
      async (beginning, walk) => {
        const steps = [...beginning, ...walk];
        const { page, truth, broken } = await openDesk();
        try {
          for (const [turn, step] of steps.entries()) {
            await take(step, page, truth, turn);
            expect([lookAt(page, truth), ...broken].filter(Boolean), `step ${turn}, ${step}`).toEqual([]);
            deepest = Math.max(deepest, truth.open.size);
          }
          expect(await close(page)).toBeNull();
        } finally {
          await page.phone.dispose();
        }
      },
    ),
    { numRuns: 200 },
  );
  expect(deepest, "the walks get into two calls").toBe(2);
}, 60_000);
