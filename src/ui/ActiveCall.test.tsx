// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from "vitest";
import { callView, FakePhone } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";
import { QUALITY_REASONS, QUALITY_WORDS } from "./strings.ts";

let phone: FakePhone;
let screen: Shown;

beforeEach(() => {
  phone = new FakePhone();
  phone.call.value = callView({ phase: "active", answeredAt: Date.now() });
  screen = show(phone);
});
afterEach(() => screen.close());

it("[U90] the microphone's level moves with what it hears, muted or not, and stays inside its bar", async () => {
  const widthAt = async (level: number): Promise<string> => {
    await screen.after(() => (phone.inputLevel.value = level));
    return screen.root.querySelector<HTMLElement>(".level-bar")?.style.transform ?? "no bar";
  };
  expect(await widthAt(0)).toBe("scaleX(0.00)");
  expect(await widthAt(0.25)).toBe("scaleX(0.50)");
  expect(await widthAt(7)).toBe("scaleX(1.00)");
  await screen.after(() => (phone.call.value = callView({ phase: "active", mute: { wanted: true, confirmed: true } })));
  expect(await widthAt(0.25)).toBe("scaleX(0.50)");
});

it.each(["loss", "jitter", "delay", "no-audio-in", "no-audio-out"] as const)(
  "[U91] a line that is poor for %s says that it is, and why",
  async (reason) => {
    await screen.after(() => (phone.quality.value = { level: "good", reason: null }));
    expect(screen.root.textContent).toContain(QUALITY_WORDS.good);
    await screen.after(() => (phone.quality.value = { level: "poor", reason }));
    expect(screen.root.textContent).toContain(QUALITY_WORDS.poor);
    expect(screen.root.innerHTML).toContain(QUALITY_REASONS[reason]);
  },
);
