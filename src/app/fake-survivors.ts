import { FakeEngine } from "../engines/fake/engine.ts";
import { createDeferred } from "../lib/deferred.ts";
import { type RunningPhone, createPhone } from "../core/phone.ts";
import type { TabRole } from "../core/ports.ts";
import { settled } from "../core/fakes/clock.ts";
import { type FakePage, type FakePageOptions, openPage, talkingPage } from "../core/fakes/page.ts";
import { fakeConfig, fakeWorld } from "../core/fakes/ports.ts";

/** Pages of a phone whose calls survive them, one after the other or side by side. */
const running: RunningPhone[] = [];
/** After each test. */
export async function disposeAll(): Promise<void> {
  for (const phone of running.splice(0)) await phone.dispose();
}
export const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
export const survivor = (): FakeEngine => {
  const engine = new FakeEngine();
  engine.capabilities = { ...engine.capabilities, canSurviveReload: true };
  return engine;
};
export const talking = async () => keep(await talkingPage(survivor()));

/** The page goes as a browser lets it go, and the next one comes `awayMs` later. */
export async function reload(before: FakePage<FakeEngine>, awayMs = 300, options: FakePageOptions = {}) {
  before.tabs.become("waiting");
  before.phone.leave();
  await settled();
  return next(before, awayMs, options);
}
export async function next(before: FakePage<FakeEngine>, awayMs = 300, options: FakePageOptions = {}) {
  await before.clock.wind(awayMs);
  const { store, vault, safe, clock } = before;
  return keep(await openPage(survivor(), { store, vault, safe, clock, ...options }));
}
export function leave(page: Pick<FakePage<FakeEngine>, "tabs" | "phone">): void {
  page.tabs.become("waiting");
  page.phone.leave();
}
/** Another page, whose engine takes its time. */
export function slowPage({ store, vault, safe, clock }: FakePage<FakeEngine>, role: TabRole = "leader") {
  const engine = createDeferred<FakeEngine>();
  const { ports, tabs } = fakeWorld(survivor(), { store, vault, safe, clock, role });
  const phone = createPhone({ ...ports, engine: () => engine.promise }, fakeConfig());
  running.push(phone);
  const arrive = (): FakeEngine => {
    const arrived = survivor();
    engine.resolve(arrived);
    return arrived;
  };
  return { phone, tabs, arrive };
}
export const back = (page: FakePage<FakeEngine>, leg: string): void => {
  page.engine.emit({ type: "leg-signalling", leg, ok: true });
  page.engine.emit({ type: "leg-media", leg, ok: true });
};
