// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PhoneError } from "../core/errors.ts";
import { FakePhone } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";

let phone: FakePhone;
let screen: Shown;
const typed = () => screen.input("Number to call").value;

beforeEach(() => {
  phone = new FakePhone();
  screen = show(phone);
});
afterEach(() => screen.close());

it("[U20] keys, keyboard and Backspace write one number, grouped while it grows", async () => {
  for (const key of ["9", "8 TUV", "4 GHI", "5 JKL", "0 +", "0 +"]) {
    const name = key === "9" ? "9 WXYZ" : key;
    await screen.click(name);
  }
  expect(typed()).toBe("98450 0");
  screen.button("0 +")?.focus();
  await screen.press("Digit1", { key: "1" });
  expect(typed()).toBe("98450 01");
  await screen.press("Backspace", { key: "Backspace" });
  await screen.click("Delete last digit");
  expect(typed()).toBe("98450");
});

it("[U20] a pasted number goes to the phone as it was pasted, and the pad is empty once it is called", async () => {
  await screen.type("Number to call", "tel:+91-98450-00012");
  await screen.click("Call");
  expect(phone.done).toEqual([["dial", "tel:+91-98450-00012"]]);
  expect(typed()).toBe("");
});

it("[U21] a number that cannot be called stays there, with the reason under it", async () => {
  phone.failNext = new PhoneError("number-invalid");
  await screen.type("Number to call", "98");
  await screen.click("Call");
  expect(typed()).toBe("98");
  expect(screen.input("Number to call").getAttribute("aria-invalid")).toBe("true");
  expect(screen.root.querySelector("#dial-problem")?.textContent).toBe("This is not a complete number. Check its digits.");
  await screen.type("Number to call", "984");
  expect(screen.root.querySelector("#dial-problem")?.textContent).toBe("");
});

it("[U22] 0 held down writes a plus, and only that", async () => {
  vi.useFakeTimers();
  const zero = screen.button("0 +");
  await screen.after(() => zero?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true })));
  await screen.after(() => vi.advanceTimersByTime(500));
  await screen.after(() => zero?.dispatchEvent(new PointerEvent("pointerup", { bubbles: true })));
  await screen.after(() => zero?.click());
  expect(typed()).toBe("+");
  vi.useRealTimers();
});

it("[U23] the lead on the CRM's screen is one click away, and goes with the call", async () => {
  const record = { type: "Lead", id: "9001", name: "Ravi Kumar" };
  await screen.after(() => (phone.context.value = { record, number: "+919845000012" }));
  await screen.after(() => screen.root.querySelector<HTMLElement>(".suggestion")?.click());
  expect(phone.done).toEqual([["dial", "+919845000012", { record, name: "Ravi Kumar" }]]);
});

it("[U24] what one agent typed is gone with the next one, not with an interruption of the line", async () => {
  await screen.type("Number to call", "98450");
  await screen.after(() => (phone.agent.value = null));
  await screen.after(() => (phone.agent.value = { user: "asha1", displayName: "Asha" }));
  expect(typed()).toBe("98450");
  await screen.after(() => (phone.agent.value = { user: "meera", displayName: "Meera" }));
  expect(typed()).toBe("");
});
