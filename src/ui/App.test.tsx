// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PHONE_ERROR_CODES, PhoneError } from "../core/errors.ts";
import { callView, emptyWork, FakePhone, lineView } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";
import { ERRORS } from "./strings.ts";

let phone: FakePhone;
let screen: Shown;
const ring = (change = {}) => screen.after(() => (phone.call.value = callView(change)));
const open = (config = {}) => {
  phone = new FakePhone(config);
  screen = show(phone);
};

beforeEach(() => open());
afterEach(() => screen.close());

describe("a call comes in", () => {
  it("[U1] text in the dial pad, its focus and its caret stay", async () => {
    await screen.type("Number to call", "98450");
    const field = screen.input("Number to call");
    await ring();
    expect(screen.button("Answer")).not.toBeNull();
    expect(document.activeElement).toBe(field);
    expect(field.value).toBe("98450");
    await screen.click("Decline");
    expect(screen.input("Number to call").value).toBe("98450");
  });

  it("[U1] a note in wrap-up keeps its focus while the next call rings", async () => {
    await screen.after(() => {
      phone.call.value = callView({ phase: "wrap-up", endReason: "hung-up-there" });
      phone.work.value = emptyWork(callView().callId);
    });
    await screen.type("Notes", "Wants a");
    const note = screen.input("Notes");
    await ring({ callId: "next" });
    expect(document.activeElement).toBe(note);
    await screen.type("Notes", "Wants a quote");
    expect(phone.work.value?.disposition.notes).toBe("Wants a quote");
  });

  it("[U2] the focus moves to the call only where it was on nothing", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    await ring();
    expect(document.activeElement?.closest("[role=alertdialog]")).not.toBeNull();
  });

  it("[U2] the focus stays in the CRM page when that is where it is", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    await ring();
    expect(document.activeElement).toBe(document.body);
  });

  it("[U3] a caller's name is text, whatever is in it", async () => {
    await ring({ remoteName: "<img src=x onerror=alert(1)>", record: null });
    expect(screen.root.querySelector("img")).toBeNull();
    expect(screen.root.querySelector("#ringing-name")?.textContent).toBe("<img src=x onerror=alert(1)>");
    expect(document.title).toBe("● <img src=x onerror=alert(1)> is calling");
  });

  it("[U4] Alt+A answers and Alt+X declines; the letters alone do not", async () => {
    await ring();
    await screen.press("KeyA");
    await screen.press("KeyA", { altKey: true, repeat: true });
    expect(phone.done).toEqual([]);
    const event = await screen.press("KeyA", { altKey: true });
    expect(phone.done).toEqual([["answer"]]);
    expect(event.defaultPrevented).toBe(true);
    await ring({ callId: "next" });
    await screen.press("KeyX", { altKey: true });
    expect(phone.done).toEqual([["answer"], ["reject"]]);
  });

  it("[U5] it is on screen in the next microtask: no timer is in its way", async () => {
    vi.useFakeTimers();
    phone.call.value = callView();
    await Promise.resolve();
    await Promise.resolve();
    expect(screen.button("Answer")).not.toBeNull();
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
  });

  it("[U6] the title and the icon of the browser's tab show it, and stop showing it", async () => {
    const link = document.head.appendChild(document.createElement("link"));
    link.rel = "icon";
    link.href = "data:,";
    await ring({ remoteName: "Ravi Kumar" });
    expect(document.title).toBe("● Ravi Kumar is calling");
    expect(link.getAttribute("href")).toBe("icon-ringing.svg");
    // An answer that is on its way is not delayed by another icon.
    const ringing = phone.call.value;
    await screen.after(() => (phone.call.value = callView({ ...ringing, phase: "connecting" })));
    expect(link.getAttribute("href")).toBe("icon-ringing.svg");
    await screen.after(() => (phone.call.value = callView({ ...ringing, phase: "active", answeredAt: Date.now() })));
    expect(document.title).toBe("● On a call: Ravi Kumar");
    expect(link.getAttribute("href")).toBe("icon-call.svg");
    await screen.after(() => (phone.call.value = ringing));
    await screen.click("Decline");
    expect(document.title).toBe("Softphone");
    expect(link.getAttribute("href")).toBe("icon.svg");
  });
});

describe("in a call", () => {
  beforeEach(async () => {
    await ring();
    await screen.click("Answer");
  });

  it("[U7] the button says muted when it is confirmed, not when it is wanted", async () => {
    await screen.after(() => (phone.call.value = callView({ phase: "active", mute: { wanted: true, confirmed: false } })));
    expect(screen.button("Mute")?.getAttribute("aria-busy")).toBe("true");
    expect(screen.root.textContent).not.toContain("You are muted");
    await screen.after(() => (phone.call.value = callView({ phase: "active", mute: { wanted: true, confirmed: true } })));
    expect(screen.button("Unmute")?.getAttribute("aria-busy")).toBe("false");
    expect(screen.root.textContent).toContain("You are muted");
  });

  it("[U7] a wanted mute is taken back by a second click", async () => {
    await screen.after(() => (phone.call.value = callView({ phase: "active", mute: { wanted: true, confirmed: false } })));
    await screen.click("Mute");
    expect(phone.done.at(-1)).toEqual(["setMuted", false]);
  });

  it("[U8] a note is kept at every keystroke and is there after the call", async () => {
    await screen.type("Notes", "Ask for the GST number");
    expect(phone.work.value?.disposition.notes).toBe("Ask for the GST number");
    await screen.click("Hang up");
    expect(screen.input("Notes").value).toBe("Ask for the GST number");
  });

  it("[U9] digits are sent by keys and by typing, never while a note is typed", async () => {
    await screen.click("Keypad");
    await screen.click("5 JKL");
    await screen.press("Digit7", { key: "7" });
    expect(phone.call.value?.digits).toBe("57");
    await screen.click("Keypad");
    await screen.type("Notes", "room 9");
    await screen.press("Digit9", { key: "9" });
    expect(phone.call.value?.digits).toBe("57");
  });

  it("[U10] what did not work is said in a sentence", async () => {
    phone.failNext = new PhoneError("hold-refused");
    await screen.click("Hold");
    expect(screen.root.querySelector("[role=alert]")?.textContent).toBe(ERRORS["hold-refused"]);
  });
});

it("[U13] where numbers are masked no digit but the last four is on the page", async () => {
  screen.close();
  open({ numbers: { masked: true } });
  await ring({ localNumber: null });
  const page = () => `${document.title} ${screen.root.outerHTML}`;
  expect(page()).toContain("0012");
  expect(page().replace(/\D/g, " ")).not.toMatch(/98450/);
  await screen.click("Answer");
  expect(page()).not.toMatch(/98450/);
  expect(screen.button("Copy number")).toBeNull();
});

it("[U14] every problem has its own sentence; the three of the microphone say three different things to do", () => {
  expect(new Set(Object.values(ERRORS)).size).toBe(PHONE_ERROR_CODES.length);
  expect(ERRORS["microphone-missing"]).toMatch(/Plug one in/);
  expect(ERRORS["microphone-refused"]).toMatch(/Allow it/);
  expect(ERRORS["microphone-not-delegated"]).toMatch(/CRM/);
});

it("[U15] a ready phone that nobody touches has no timer", async () => {
  screen.close();
  vi.useFakeTimers();
  open();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it("[U16] a tab that shows the phone of another works like that one, says so quietly, and can have the phone", async () => {
  await screen.after(() => (phone.whereabouts.value = "elsewhere"));
  expect(screen.button("Call")).not.toBeNull();
  expect(screen.root.querySelector(".elsewhere")?.getAttribute("aria-label")).toBe("The phone runs in another tab");
  phone.givesWay = false;
  await screen.click("More");
  await screen.click("Move the phone to this tab");
  expect(screen.root.textContent).toContain(ERRORS["call-in-progress"]);
  phone.givesWay = true;
  await screen.click("More");
  await screen.click("Move the phone to this tab");
  expect(phone.whereabouts.value).toBe("here");
  expect(screen.root.querySelector(".elsewhere")).toBeNull();
});

it("[U16] a tab whose leader stopped answering says so over what it shows, and takes the phone by force", async () => {
  await screen.after(() => {
    phone.whereabouts.value = "lost";
    phone.call.value = callView({ phase: "active", answeredAt: Date.now() });
  });
  expect(screen.button("Hang up")).not.toBeNull();
  expect(screen.root.textContent).toContain(ERRORS["leader-silent"]);
  await screen.click("Move it here");
  expect(phone.done).toEqual([["takeOver", true]]);
});

it("[U16] a tab whose leader never answered or is of another version says that alone", async () => {
  await screen.after(() => (phone.whereabouts.value = "awaited"));
  expect(screen.button("Call")).toBeNull();
  expect(screen.button("Sign in")).toBeNull();
  await screen.after(() => (phone.whereabouts.value = "outdated"));
  expect(screen.button("Reload")).not.toBeNull();
  await screen.after(() => (phone.whereabouts.value = "silent"));
  phone.givesWay = false;
  await screen.click("Move the phone to this tab");
  expect(screen.root.textContent).toContain("You are on a call in that tab");
});

it("[U17] a phone that may not ring says so until it may", async () => {
  await screen.after(() => (phone.line.value = lineView("ready", { reason: "sound-blocked", missing: ["ringing"] })));
  expect(screen.root.textContent).toContain("Silent");
  expect(screen.root.querySelector(".status")?.className).toContain("tone-warn");
  await screen.click("Enable ringing");
  expect(phone.done).toEqual([["enableRinging"]]);
  expect(screen.button("Enable ringing")).toBeNull();
});

it("[U26] a microphone that was never asked for is a quiet hint beside Ready, one that is missing is the first line", async () => {
  await screen.after(() => (phone.microphone.value = "unknown"));
  expect(screen.root.querySelector("[role=status]")?.textContent).toBe("Ready");
  await screen.click("Allow");
  expect(phone.done).toEqual([["checkMicrophone"]]);
  expect(screen.button("Allow")).toBeNull();
  await screen.after(() => {
    phone.line.value = lineView("ready", { reason: "microphone-missing", missing: ["microphone"] });
    phone.notices.value = [{ code: "microphone-missing", about: null }];
  });
  expect(screen.root.textContent?.match(/No microphone is connected/g), "said in one place").toHaveLength(1);
  await screen.click("Try again");
  expect(phone.done.at(-1)).toEqual(["checkMicrophone"]);
});

it("[U18] several missed calls are one strip that opens the calls; the end of a call that did not come about is said once", async () => {
  await screen.after(() => {
    phone.notices.value = ["+919845000012", "+919845000031"].map((about) => ({ code: "call-missed", about }));
    phone.call.value = callView({ direction: "outgoing", phase: "ended", endReason: "busy", remoteName: "Ravi Kumar" });
  });
  expect(screen.root.textContent).toContain("2 missed calls");
  expect(screen.root.textContent).toContain("Busy · Ravi Kumar");
  await screen.click("Dismiss");
  expect(screen.root.textContent).not.toContain("Busy · ");
  await screen.click("Show");
  expect(phone.panel.value).toBe("calls");
  expect(phone.notices.value).toEqual([]);
});

it("[U19] telephone links are offered in the settings of a page of its own, and there alone", async () => {
  const openSettings = async (): Promise<void> => {
    await screen.click("Settings");
    await vi.waitUntil(() => screen.button("Copy diagnostics") !== null);
  };
  await openSettings();
  expect(screen.button("Open telephone links here")).toBeNull();
  screen.close();
  const takePhoneLinks = vi.fn<() => void>();
  screen = show((phone = new FakePhone()), { takePhoneLinks });
  await openSettings();
  await screen.click("Open telephone links here");
  expect(takePhoneLinks).toHaveBeenCalledOnce();
});
