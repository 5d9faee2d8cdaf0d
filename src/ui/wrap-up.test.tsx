// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callView, FakePhone } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";

let phone: FakePhone;
let screen: Shown;
const ring = (change = {}) => screen.after(() => (phone.call.value = callView(change)));
const open = (config = {}) => {
  phone = new FakePhone(config);
  screen = show(phone);
};

beforeEach(() => open());
afterEach(() => screen.close());

it("[U11] what was typed into a field of the outcome can be taken out again", async () => {
  await screen.close();
  open({ wrapUp: { fields: [{ id: "city", label: "City", kind: "text" }] } });
  await ring();
  await screen.click("Answer");
  await screen.click("Hang up");
  await screen.type("City", "P");
  await screen.type("City", "");
  expect(phone.work.value?.disposition.fields["city"] ?? "").toBe("");
});

describe("wrap-up", () => {
  beforeEach(async () => {
    await ring();
    await screen.click("Answer");
    await screen.click("Hang up");
  });

  it("[U11] a required field that is empty is named and gets the focus; filled in, the call is saved", async () => {
    await screen.click("Save");
    expect(screen.root.textContent).toContain("Choose or fill in, then save.");
    expect(document.activeElement?.closest("[role=radiogroup]")?.textContent).toContain("Outcome");
    await screen.after(() => screen.root.querySelector<HTMLInputElement>("input[value=interested]")!.click());
    expect(phone.work.value?.disposition.fields).toEqual({ outcome: "interested" });
    await screen.click("Save");
    expect(screen.button("Save")).toBeNull();
    expect(screen.input("Number to call")).toBeDefined();
  });

  it("[U12] a follow-up tomorrow is at ten in the morning and can be taken back", async () => {
    const radio = (label: string) =>
      [...screen.root.querySelectorAll("label")].find((each) => each.textContent === label)!.querySelector("input")!;
    await screen.after(() => radio("Tomorrow").click());
    const due = new Date(phone.work.value?.disposition.followUp?.dueAt ?? 0);
    expect([due.getHours(), due.getMinutes()]).toEqual([10, 0]);
    await screen.after(() => radio("None").click());
    expect(phone.work.value?.disposition.followUp).toBeNull();
  });
});
