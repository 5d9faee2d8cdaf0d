// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { FakePhone } from "./fake-phone.ts";
import { SCENE_NOW } from "./scene-parts.ts";
import { SCENES } from "./scenes.ts";
import { show } from "./show.tsx";

afterEach(() => vi.useRealTimers());

it.each(Object.entries(SCENES))(
  "[U80] %s: a first line that says something, one headline, every button with a name",
  async (_name, scene) => {
    vi.useFakeTimers({ now: SCENE_NOW });
    const phone = new FakePhone(scene.config);
    scene.play(phone);
    const screen = show(phone);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(screen.root.querySelector("[role=status]")?.textContent).not.toBe("");
    expect(screen.root.querySelectorAll("main h1").length).toBe(1);
    for (const button of screen.root.querySelectorAll("button"))
      expect(button.getAttribute("aria-label") ?? button.textContent).not.toBe("");
    const ids = [...screen.root.querySelectorAll("[id]")].map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(screen.root.querySelectorAll("[style]:not(.level-bar)").length).toBe(0);
    screen.close();
    expect(vi.getTimerCount()).toBe(0);
  },
);
