import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeOf } from "../core/desk.ts";
import { playGateway } from "../core/fakes/agent-server.ts";
import { FIELDS, RAVI } from "../core/fakes/page.ts";
import { ASHA } from "../core/fakes/ports.ts";
import { FakeBrowser, sharedEvents, shownBy } from "./fake-browser.ts";

let browser: FakeBrowser;
beforeEach(() => {
  browser = new FakeBrowser();
});
afterEach(() => browser.dispose());

const open = (count = 2) => browser.openSignedIn(count);
const talking = (count = 2) => browser.talking(count);

describe("what a tab that follows shows", () => {
  test("[M10] everything, as soon as it is there", async () => {
    const { first, second } = await open();
    expect(second.phone.whereabouts.value).toBe("elsewhere");
    expect(second.phone.line.value.state).toBe("ready");
    expect(second.phone.agent.value?.displayName).toBe("Asha");
    expect(shownBy(second)).toEqual(shownBy(first));
    expect(second.engine.commands).toEqual([]);
  });

  test("[M2] a call from ring to end, without a tab that registers twice", async () => {
    const { first, second, more, leg } = await talking(3);
    expect(second.phone.call.value).toMatchObject({ phase: "active", remoteNumber: RAVI });
    first.engine.emit({ type: "leg-held-there", leg, held: true });
    await browser.settle();
    expect(more[0]?.phone.call.value?.heldThere).toBe(true);
    first.engine.end(leg);
    await browser.settle();
    for (const tab of browser.all) expect(shownBy(tab)).toEqual(shownBy(first));
    expect(second.phone.call.value?.phase).toBe("wrap-up");
    expect(second.engine.commands).toEqual([]);
  });

  test("[M1] a tab that is alone sends nothing but that it leads", async () => {
    browser.vault.account = ASHA;
    const only = await browser.open();
    only.engine.ring({ number: RAVI });
    await browser.settle();
    expect(only.tab.posted).toMatchObject([{ type: "leads" }]);
  });

  test("[M2] the history travels only when it changed", async () => {
    const { first, leg } = await talking();
    const before = first.tab.posted.length;
    first.engine.emit({ type: "leg-held-there", leg, held: true });
    await browser.settle();
    const [state, ...others] = first.tab.posted.slice(before);
    expect(others).toEqual([]);
    expect(Object.keys((state as { view: object }).view).toSorted()).toEqual(["call", "snapshot", "work"]);
  });

  test("[M2] the gateway's history has changed for every tab when the leading one hears of it, or has a log taken", async () => {
    const gateway = playGateway();
    browser.agents = gateway.agents;
    const { first, second, leg } = await talking();
    const changes = () => [first.phone.archive?.changes.value, second.phone.archive?.changes.value];
    expect(changes()).toEqual([0, 0]);
    first.engine.end(leg);
    second.phone.write({ fields: { outcome: "sold" } });
    await second.phone.saveWork();
    await browser.settle();
    expect(gateway.logs).toHaveLength(1);
    expect(second.phone.history.value).toMatchObject([{ delivered: true }]);
    expect(changes()).toEqual([1, 1]);
    gateway.say({ type: "too-late" });
    await browser.settle();
    expect(changes()).toEqual([2, 2]);
  });

  test("[M11] a message that was lost is made good", async () => {
    const { first, second, leg } = await talking();
    const hear = second.tab.hear.bind(second.tab);
    second.tab.hear = () => undefined;
    first.engine.emit({ type: "leg-held-there", leg, held: true });
    await browser.settle();
    second.tab.hear = hear;
    first.engine.emit({ type: "leg-muted", leg, muted: true });
    await browser.settle();
    expect(shownBy(second)).toEqual(shownBy(first));
    expect(sharedEvents(second).at(-1)).toEqual(sharedEvents(first).at(-1));
  });

  test("[M10] a leader that never answers is said to be silent, and is heard when it does", async () => {
    const { first } = await open();
    const tab = browser.memory.openTab();
    first.tab.isAlive = false;
    const late = await browser.open(tab);
    expect(late.phone.whereabouts.value).toBe("awaited");
    expect(late.phone.line.value.state).toBe("connecting");
    await browser.wind(2_000);
    expect(late.phone.whereabouts.value).toBe("silent");
    first.tab.isAlive = true;
    await browser.wind(2_000);
    expect(late.phone.whereabouts.value).toBe("elsewhere");
  });

  test("[M13] a leader of another version is known as such, and a stranger learns who leads", async () => {
    const { first, second } = await open();
    const before = first.tab.posted.length;
    first.tab.hear({ softphoneTabs: 99, type: "hello" });
    await browser.settle();
    expect(first.tab.posted.slice(before)).toMatchObject([{ type: "state", full: true }]);
    second.tab.hear({ softphoneTabs: 99, type: "state" });
    expect(second.phone.whereabouts.value).toBe("outdated");
  });
});

describe("what a tab that follows has done", () => {
  test("[M20] answer, mute, hold, digits, hang up and save", async () => {
    const { first, second, leg } = await talking();
    await second.phone.setMuted(true);
    expect(second.phone.call.value?.mute).toEqual({ wanted: true, confirmed: true });
    await second.phone.setHeld(true);
    await second.phone.sendDigits("12");
    await second.phone.hangUp();
    second.phone.write({ fields: { outcome: "sold" } });
    expect(await second.phone.saveWork()).toBe(true);
    await browser.settle();
    expect(first.engine.commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["answer", "setMuted", "setHeld", "sendDigit", "hangUp"]),
    );
    expect([...first.host.stored.values()]).toMatchObject([{ disposition: { fields: { outcome: "sold" } } }]);
    expect(second.host.attempts).toEqual([]);
    expect(shownBy(second)).toEqual(shownBy(first));
    expect(leg).toBe("leg-1");
  });

  test("[M20] dialling and what the leader refuses", async () => {
    const { first, second } = await open();
    await expect(second.phone.dial("12")).rejects.toMatchObject({ code: "number-invalid" });
    await expect(second.phone.hangUp()).rejects.toMatchObject({ code: "no-call" });
    await second.phone.dial(RAVI);
    expect(first.host.placed).toMatchObject([{ number: RAVI }]);
    expect(second.phone.call.value).toMatchObject({ phase: "dialing", direction: "outgoing" });
  });

  test("[M26] the lead and the page of a click are those of the tab where it was clicked", async () => {
    const { first, second } = await open();
    const record = { type: "lead", id: "9", name: "Ravi K" };
    await second.host.command("setContext", { record, number: RAVI });
    await second.phone.dial(RAVI);
    expect(first.host.placed).toMatchObject([{ record }]);
    await second.phone.openRecord();
    expect(second.host.pops).toMatchObject([{ record, number: RAVI }]);
    expect(first.host.pops).toEqual([]);
  });

  test("[M20] not all required fields: refused with what is missing", async () => {
    const { second } = await talking();
    await second.phone.hangUp();
    expect(await second.phone.saveWork()).toBe(false);
    expect(second.phone.work.value?.missing).toEqual(["outcome"]);
  });

  test("[M21] without an answer for 2 s it is refused, and the tab says so until the leader is heard", async () => {
    const { first, second } = await talking();
    first.tab.isAlive = false;
    const refused = second.phone.setMuted(true).catch(codeOf);
    await browser.wind(2_000);
    expect(await refused).toBe("leader-silent");
    expect(second.phone.whereabouts.value).toBe("lost");
    expect(second.phone.call.value?.phase).toBe("active");
    first.tab.isAlive = true;
    await browser.wind(2_000);
    expect(second.phone.whereabouts.value).toBe("elsewhere");
  });

  test("[M4] what nobody waits for any more is not done", async () => {
    const { first, second, leg } = await talking();
    const heard: unknown[] = [];
    const hear = first.tab.hear.bind(first.tab);
    first.tab.hear = (message) => void heard.push(message);
    const refused = second.phone.hangUp().catch(codeOf);
    await browser.wind(2_100);
    expect(await refused).toBe("leader-silent");
    first.tab.hear = hear;
    heard.forEach(hear);
    await browser.settle();
    expect(first.phone.call.value?.phase).toBe("active");
    expect(first.engine.commandsNamed("hangUp")).toEqual([]);
    expect(leg).toBe("leg-1");
  });

  test("[M22] a command that was heard may take as long as it takes", async () => {
    const { first, second } = await open();
    first.host.exchange = () => new Promise((resolve) => browser.clock.after(8_000, () => resolve({ exotelCallSid: null })));
    let isDone = false;
    const dialled = second.phone.dial(RAVI).then(() => (isDone = true));
    await browser.wind(7_000);
    expect(isDone).toBe(false);
    await browser.wind(1_000);
    await dialled;
    expect(second.phone.whereabouts.value).toBe("elsewhere");
  });

  test("[M23] a command of the host page is done where the phone is, and refused by its rules", async () => {
    const { first, second } = await open();
    first.engine.ring({ number: RAVI });
    await browser.settle();
    expect(await second.host.command("answer", {})).toEqual({ ok: true });
    expect(await second.host.command("mute", { muted: true })).toEqual({ ok: true });
    expect(await second.host.command("getSnapshot", {})).toMatchObject({ ok: true, value: { agent: "asha", call: { muted: true } } });
    expect(await second.host.command("dial", { number: RAVI })).toEqual({ ok: false, code: "call-in-progress" });
    expect(await second.host.command("hangup", {})).toEqual({ ok: true });
    const dialled = await second.host.command("signOut", {});
    expect(dialled).toEqual({ ok: true });
    expect(first.phone.agent.value).toBeNull();
    expect(second.phone.agent.value).toBeNull();
  });

  test("[M24] every CRM page that loads signs in: nobody is interrupted, and each tab can lead later", async () => {
    const first = await browser.open();
    const second = await browser.open();
    const results = await Promise.all([first, second].map(({ host }) => host.command("signIn", FIELDS)));
    await browser.settle();
    expect(results).toEqual([{ ok: true }, { ok: true }]);
    expect(first.engine.commandsNamed("register")).toHaveLength(1);
    first.crash();
    await browser.settle();
    expect(second.phone.line.value.state).toBe("ready");
  });

  test("[M25] who signs out in one tab is signed out in all, whichever leads next", async () => {
    const { first, second } = await open();
    await second.host.command("signIn", FIELDS);
    await first.phone.signOut();
    await browser.settle();
    first.crash();
    await browser.settle();
    expect(second.phone.line.value.state).toBe("signed-out");
    expect(second.engine.commands).toEqual([]);
  });

  test("[M5] who follows can lead without a sign-in, though nothing is kept on this device", async () => {
    const browser = new FakeBrowser();
    const first = await browser.open();
    const second = await browser.open();
    await first.phone.signIn(FIELDS, false);
    await browser.settle();
    first.crash();
    await browser.settle();
    expect(second.phone.line.value.state).toBe("ready");
    expect(second.engine.commandsNamed("register")).toEqual([{ name: "register", user: "asha" }]);
    expect(JSON.stringify([...browser.store.records])).not.toContain(ASHA.password);
  });

  test("[M27] the password is said to a tab that follows alone, and only as the account", async () => {
    const only = await new FakeBrowser().openSignedIn();
    expect(JSON.stringify(only.second.tab.posted)).not.toContain(ASHA.password);
    const { first } = await talking();
    const secret = first.tab.posted.filter((message) => JSON.stringify(message).includes(ASHA.password));
    expect(secret.every((message) => (message as { type: string }).type === "account")).toBe(true);
  });
});
