import { afterEach, expect, test } from "vitest";
import * as fc from "fast-check";
import { FakeEngine } from "../engines/fake/engine.ts";
import { FakeAudio } from "./fakes/audio.ts";
import { settled } from "./fakes/clock.ts";
import { FIELDS, openPage, RAVI, readyPage, talkingPage } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";
import { type ReachFacts, missingOf, reasonOf } from "./reachability.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});
const keep = <P extends { readonly phone: RunningPhone }>(page: P): P => {
  running.push(page.phone);
  return page;
};
const ready = async () => keep(await readyPage(new FakeEngine()));
const GOOD: ReachFacts = { awake: true, microphone: "usable", ringing: true };

test.each([
  ["[L20] a line that is not registered", false, GOOD, ["registration"], null],
  [
    "[L20] nor anything else",
    false,
    { awake: false, microphone: "microphone-missing", ringing: false },
    ["registration", "page", "microphone", "ringing"],
    null,
  ],
  ["[L21] a page that slept", true, { ...GOOD, awake: false }, ["page"], null],
  ["[L22] no microphone", true, { ...GOOD, microphone: "microphone-missing" }, ["microphone"], "microphone-missing"],
  ["[L22] a microphone not asked for yet", true, { ...GOOD, microphone: "unknown" }, [], null],
  ["[L23] no sound", true, { ...GOOD, ringing: false }, ["ringing"], "sound-blocked"],
  ["[L23] neither", true, { ...GOOD, microphone: "microphone-busy", ringing: false }, ["microphone", "ringing"], "microphone-busy"],
  ["[L24] nothing looked at yet", true, { awake: true, microphone: null, ringing: null }, [], null],
] as const)("%s", (_what, registered, facts, missing, reason) => {
  expect(missingOf(registered, facts)).toEqual(missing);
  expect(reasonOf(missing, facts)).toBe(reason);
});

test("[P150] a phone whose microphone is gone is not ready, says which, and is again when one is plugged in; the host hears it", async () => {
  const { phone, audio, host } = await ready();
  await settled();
  expect(phone.line.value).toEqual({ state: "ready", reason: null, nextTryAt: null, missing: [] });
  host.events.length = 0;
  audio.microphone = "microphone-missing";
  audio.plugIn();
  await settled();
  expect(phone.line.value).toMatchObject({ state: "ready", reason: "microphone-missing", missing: ["microphone"] });
  audio.microphone = "usable";
  audio.plugIn();
  await settled();
  expect(host.eventsNamed("line-changed").map(({ line }) => line.missing)).toEqual([["microphone"], []]);
});

test("[P151] what no event tells is looked at every minute, but not while a call is up", async () => {
  const { phone, engine, audio, clock } = await ready();
  audio.microphone = "microphone-refused";
  await clock.wind(61_000);
  expect(phone.line.value.missing).toEqual(["microphone"]);
  audio.microphone = "usable";
  const leg = engine.ring({ number: RAVI });
  const { looks } = audio;
  await clock.wind(5 * 60_000);
  expect(phone.line.value.missing).toEqual(["microphone"]);
  expect(audio.looks - looks, "only that of the ring").toBeLessThan(2);
  engine.emit({ type: "leg-ended", leg, reason: "missed", sipCode: 487 });
  await settled();
  expect(phone.line.value.missing).toEqual([]);
});

test("[P152] a phone that may not sound is not ready until a click here, or one in the CRM that nobody tells of", async () => {
  const { phone, audio, clock, host } = await ready();
  await settled();
  host.events.length = 0;
  audio.blocksSound = true;
  audio.allowSound(false);
  expect(phone.line.value).toMatchObject({ reason: "sound-blocked", missing: ["ringing"] });
  expect(phone.canRing.value).toBe(false);
  await phone.enableRinging();
  expect(phone.line.value.missing).toEqual(["ringing"]);
  audio.blocksSound = false;
  await clock.wind(11_000);
  expect(phone.line.value.missing).toEqual([]);
  expect(host.eventsNamed("line-changed").map(({ line }) => line.missing)).toEqual([["ringing"], []]);
});

test("[P153] whether it may sound is not known before it was tried, and not claimed either way", async () => {
  const audio = Object.assign(new FakeAudio(), { allowsSound: false, blocksSound: true });
  const { phone } = keep(await readyPage(new FakeEngine(), { audio }));
  await settled();
  expect(phone.line.value.missing).toEqual([]);
  await phone.enableRinging();
  expect(phone.line.value.missing).toEqual(["ringing"]);
});

test("[P154] a page that freezes says so, and claims nothing after it until the registrar has answered", async () => {
  const { phone, engine, host } = await ready();
  await settled();
  host.events.length = 0;
  phone.froze();
  expect(host.eventsNamed("line-changed").map(({ line }) => line.missing)).toEqual([["page"]]);
  let answer = (_yes: boolean): void => {};
  engine.probe = () => new Promise((resolve) => (answer = resolve));
  phone.woke(true);
  await settled();
  expect(phone.line.value).toMatchObject({ state: "ready", missing: ["page"] });
  answer(true);
  await settled();
  expect(phone.line.value.missing).toEqual([]);
});

test("[P154] an answer to a question from before the sleep proves nothing", async () => {
  const { phone, engine, clock } = await ready();
  const answers: ((yes: boolean) => void)[] = [];
  engine.probe = () => new Promise((resolve) => answers.push(resolve));
  await clock.wind(20_000);
  expect(answers).toHaveLength(1);
  phone.woke(true);
  answers[0]?.(true);
  await settled();
  expect(answers).toHaveLength(2);
  expect(phone.line.value.missing).toEqual(["page"]);
  answers[1]?.(true);
  await settled();
  expect(phone.line.value.missing).toEqual([]);
});

test("[P155] a registrar that is gone after the sleep is found out, and the phone never looks ready in between", async () => {
  const { phone, engine, clock, host } = await ready();
  await settled();
  host.events.length = 0;
  engine.answersProbes = false;
  engine.registrar = "unreachable";
  phone.woke(true);
  await clock.wind(20_000);
  engine.answersProbes = true;
  engine.registrar = "accepts";
  await clock.wind(60_000);
  const told = host.eventsNamed("line-changed").map(({ line }) => line.missing.join());
  expect(told[0]).toBe("page");
  expect(told.indexOf("")).toBe(told.length - 1);
  const registered = host.eventsNamed("line-changed").filter(({ line }) => line.state === "ready");
  expect(
    registered.map(({ line }) => line.missing),
    "a new registration is proof enough",
  ).toEqual([["page"], []]);
  expect(phone.line.value.missing).toEqual([]);
});

test("[P156] a page that is looked at again asks the registrar, without a doubt on the screen", async () => {
  const { phone, engine } = await ready();
  await settled();
  const before = engine.commandsNamed("probe").length;
  phone.woke(false);
  expect(phone.line.value.missing).toEqual([]);
  await settled();
  expect(engine.commandsNamed("probe").length).toBe(before + 1);
});

test("[P157] a microphone that was never asked for does not keep a phone from being ready, and is asked for by a click", async () => {
  const { phone, audio, clock } = await ready();
  audio.microphone = "unknown";
  await clock.wind(61_000);
  expect(phone.line.value.missing).toEqual([]);
  expect(phone.microphone.value).toBe("unknown");
  expect(audio.asks).toBe(0);
  audio.answer = "usable";
  await phone.checkMicrophone();
  expect(phone.microphone.value).toBe("usable");
  await clock.wind(61_000);
  expect(phone.microphone.value, "a browser that does not tell permissions knows it from then on").toBe("usable");
});

test("[P158] a microphone that another program keeps stays so until a click or a device says otherwise", async () => {
  const { phone, audio, clock } = await ready();
  audio.answer = "microphone-busy";
  await phone.checkMicrophone();
  await clock.wind(121_000);
  expect(phone.line.value).toMatchObject({ reason: "microphone-busy", missing: ["microphone"] });
  audio.answer = "usable";
  await phone.checkMicrophone();
  expect(phone.line.value.missing).toEqual([]);
});

test("[P159] while the agent is being asked, what is looked at meanwhile does not outdo the answer", async () => {
  const { phone, audio, clock } = await ready();
  audio.microphone = "unknown";
  let answer = (_state: "microphone-refused"): void => {};
  const look = audio.checkMicrophone.bind(audio);
  audio.checkMicrophone = (ask) => (ask ? new Promise((resolve) => (answer = resolve)) : look(ask));
  const asking = phone.checkMicrophone();
  await clock.wind(61_000);
  answer("microphone-refused");
  await asking;
  expect(phone.line.value.missing).toEqual(["microphone"]);
});

test("[P160] of a phone that is not meant to ring here it is only said that it is not registered", async () => {
  const { phone, audio } = await ready();
  audio.microphone = "microphone-missing";
  audio.plugIn();
  await phone.setAvailable(false);
  await settled();
  expect(phone.line.value).toEqual({ state: "off", reason: null, nextTryAt: null, missing: ["registration"] });
});

test("[P161] in a call the line's facts stay out of the way of the call", async () => {
  const { phone, audio } = keep(await talkingPage(new FakeEngine()));
  audio.blocksSound = true;
  audio.allowSound(false);
  await settled();
  expect(phone.call.value?.phase).toBe("active");
  expect(phone.notices.value).toEqual([]);
});

test("[L25] while the registrar has not answered nobody looks at the microphone; then it is looked at at once", async () => {
  const engine = new FakeEngine();
  engine.registrar = "silent";
  const { phone, audio } = keep(await openPage(engine));
  audio.microphone = "microphone-missing";
  const signingIn = phone.signIn(FIELDS, false);
  await settled();
  expect([phone.line.value.state, audio.looks]).toEqual(["connecting", 0]);
  engine.emit({ type: "registered" });
  await signingIn;
  await settled();
  expect(phone.line.value).toMatchObject({ state: "ready", missing: ["microphone"] });
});

test("[L24] whatever happens, missing is empty exactly while a call would ring and could be answered", async () => {
  const step = fc.constantFrom("plug", "unplug", "refuse", "block", "allow", "sleep", "die", "mend", "minute", "visible");
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { phone, audio, engine, clock } = await readyPage(new FakeEngine());
      for (const what of steps) {
        if (what === "plug") audio.microphone = "usable";
        if (what === "unplug") audio.microphone = "microphone-missing";
        if (what === "refuse") audio.microphone = "microphone-refused";
        if (what === "block" || what === "allow") {
          audio.blocksSound = what === "block";
          audio.allowSound(what === "allow");
        }
        if (what === "sleep") phone.woke(true);
        if (what === "visible") phone.woke(false);
        if (what === "die" || what === "mend") {
          engine.answersProbes = what === "mend";
          engine.registrar = what === "mend" ? "accepts" : "unreachable";
        }
        if (what === "minute") await clock.wind(90_000);
        else audio.plugIn();
        await settled();
      }
      await clock.wind(90_000);
      const would = engine.registrar === "accepts" && audio.microphone === "usable" && audio.allowsSound;
      expect(phone.line.value.missing.length === 0).toBe(would);
      await phone.dispose();
    }),
    { numRuns: 40 },
  );
});
