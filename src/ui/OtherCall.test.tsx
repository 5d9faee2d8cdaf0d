// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PhoneError } from "../core/errors.ts";
import { callView, emptyWork, FakePhone } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";
import { ERRORS } from "./strings.ts";

let phone: FakePhone;
let screen: Shown;
const on = { wanted: true, confirmed: true };
const nothing = { transfer: false, consult: false, completeTransfer: false, swap: false };
const other = (change = {}) => callView({ callId: "other", remoteName: "Meera Iyer", remoteNumber: "+919845000031", ...change });

beforeEach(() => {
  phone = new FakePhone();
  phone.call.value = callView({ phase: "active", answeredAt: Date.now(), remoteName: "Ravi" });
  phone.work.value = emptyWork(callView().callId);
  screen = show(phone);
});
afterEach(() => screen.close());

describe("a call that waits", () => {
  it("[U100] says who calls, takes neither the note nor its focus, and is answered, declined or takes the place of the first", async () => {
    await screen.type("Notes", "Wants a");
    const note = screen.input("Notes");
    await screen.after(() => (phone.otherCall.value = other()));
    expect(screen.root.querySelector("[role=alertdialog]")?.textContent).toContain("Meera Iyer");
    expect(document.activeElement).toBe(note);
    await screen.click("Hold & answer");
    await screen.click("End & answer");
    await screen.click("Decline");
    expect(phone.done).toEqual([["answer"], ["endAndAnswer"], ["reject"]]);
    expect(screen.root.querySelector("[role=alertdialog]")).toBeNull();
  });

  it("[U100] by the keyboard: Alt+A, Alt+E, Alt+D; Alt+X still hangs the first one up", async () => {
    await screen.after(() => (phone.otherCall.value = other()));
    for (const code of ["KeyA", "KeyE", "KeyX", "KeyD"]) await screen.press(code, { altKey: true });
    expect(phone.done).toEqual([["answer"], ["endAndAnswer"], ["hangUp"], ["reject"]]);
  });

  it("[U100] is told to who does not see it, and to who looks at another tab", async () => {
    await screen.after(() => (phone.otherCall.value = other()));
    expect(screen.root.querySelector("[aria-live=assertive]")?.textContent).toBe("Incoming call from Meera Iyer");
    expect(document.title).toContain("Meera Iyer is calling");
  });

  it("[U100] takes the focus only where it was on nothing", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    // The first call took it when it appeared.
    await screen.after(() => undefined);
    (document.activeElement as HTMLElement | null)?.blur();
    await screen.after(() => (phone.otherCall.value = other()));
    expect(document.activeElement?.closest("[role=alertdialog]")).not.toBeNull();
  });
});

describe("a call on hold behind another", () => {
  it("[U101] is a strip with its name and Swap", async () => {
    await screen.after(() => {
      phone.otherCall.value = other({ phase: "active", hold: on });
      phone.callOptions.value = { ...nothing, swap: true };
    });
    expect(screen.root.querySelector(".strip")?.textContent).toContain("Meera Iyer is on hold");
    await screen.click("Swap");
    await screen.press("KeyW", { altKey: true });
    expect(phone.done).toEqual([["swap"], ["swap"]]);
  });

  it("[U101] alone again and still on hold, it is one click from being taken back", async () => {
    await screen.after(() => (phone.call.value = callView({ phase: "active", hold: on })));
    await screen.click("Resume the call");
    expect(phone.done).toEqual([["setHeld", false]]);
  });
});

describe("transfer", () => {
  const open = async () => {
    await screen.after(() => (phone.callOptions.value = { ...nothing, transfer: true, consult: true }));
    await screen.click("Transfer");
  };

  it("[U102] is offered only where it can be done", async () => {
    expect(screen.button("Transfer")).toBeNull();
    await open();
    expect(screen.input("Number to transfer to")).toBeTruthy();
    await screen.press("KeyT", { altKey: true });
    expect(screen.root.querySelector("textarea")).not.toBeNull();
  });

  it("[U102] at once or after asking; what was typed stays until it went through", async () => {
    await open();
    await screen.type("Number to transfer to", "9845000031");
    phone.failNext = new PhoneError("number-invalid");
    await screen.click("Ask first");
    expect(screen.root.textContent).toContain(ERRORS["number-invalid"]);
    expect(screen.input("Number to transfer to").value).toContain("98450");
    await screen.click("Transfer now");
    expect(phone.done.at(-1)?.[0]).toBe("transfer");
    expect(String(phone.done.at(-1)?.[1]).replaceAll(" ", "")).toBe("9845000031");
    expect(screen.root.querySelector("textarea"), "the note is back").not.toBeNull();
  });

  it("[U103] under way it says to whom", async () => {
    await screen.after(() => (phone.call.value = callView({ phase: "active", transferringTo: "+919845000031" })));
    expect(screen.root.querySelector(".strip")?.textContent?.replaceAll("\u00a0", " ")).toBe("Transferring to +91 98450 00031…");
  });

  it("[U104] asking somebody: one click joins them, one goes back, and Alt+X goes back too", async () => {
    await screen.after(() => {
      phone.call.value = callView({ phase: "active", isConsultation: true });
      phone.otherCall.value = other({ phase: "active", hold: on });
      phone.callOptions.value = { ...nothing, swap: true, completeTransfer: true };
    });
    expect(screen.button("Hang up")).toBeNull();
    await screen.click("Complete transfer");
    await screen.click("Back to the customer");
    await screen.press("KeyX", { altKey: true });
    expect(phone.done).toEqual([["completeTransfer"], ["cancelConsult"], ["cancelConsult"]]);
  });
});
