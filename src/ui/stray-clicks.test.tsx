// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from "vitest";
import { callView, FakePhone } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";

let phone: FakePhone;
let screen: Shown;
beforeEach(() => {
  phone = new FakePhone({});
  screen = show(phone);
});
afterEach(() => screen.close());

/** `count`: which click of a double click it is. */
const click = (name: string, count: number) =>
  screen.after(() => screen.button(name)?.dispatchEvent(new MouseEvent("click", { detail: count, bubbles: true, cancelable: true })));

it("[U25] the second click of a double click on Answer does not hang up", async () => {
  await screen.after(() => (phone.call.value = callView({})));
  await click("Answer", 1);
  await click("Hang up", 2);
  expect(screen.button("Hang up")).not.toBeNull();
  await click("Hang up", 1);
  expect(phone.call.value?.phase).toBe("wrap-up");
});

it("[U25] who clicks Answer twice before the screen has followed has asked once", async () => {
  await screen.after(() => (phone.call.value = callView({})));
  await screen.after(() => {
    const button = screen.button("Answer");
    for (const detail of [1, 2]) button?.dispatchEvent(new MouseEvent("click", { detail, bubbles: true, cancelable: true }));
  });
  expect(phone.done.filter(([what]) => what === "answer")).toHaveLength(1);
});

it("[U25] the second click of a double click on Hang up does not save", async () => {
  await screen.after(() => (phone.call.value = callView({})));
  await click("Answer", 1);
  await click("Hang up", 1);
  await click("Save", 2);
  expect(phone.done.map(([what]) => what)).not.toContain("saveWork");
});

it("[U25] one button may be clicked as fast as one likes, and keys and assistive technology always", async () => {
  await screen.after(() => (phone.call.value = callView({})));
  await click("Answer", 1);
  await click("Keypad", 1);
  for (const count of [1, 2, 3]) await click("1", count);
  await click("Hang up", 0);
  expect(phone.done.filter(([what]) => what === "sendDigits")).toHaveLength(3);
  expect(phone.call.value?.phase).toBe("wrap-up");
});
