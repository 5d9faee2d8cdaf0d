import { type RunningPhone, createPhone } from "../phone.ts";
import type { Engine } from "../engine-port.ts";
import { settled } from "./clock.ts";
import { ASHA, type FakeWorld, type FakeWorldOptions, fakeConfig, fakeWorld } from "./ports.ts";

/** What Asha types to sign in. */
export const FIELDS = { sipId: "sip:asha@acme1.voip.example.com", password: ASHA.password, domain: ASHA.domain, proxy: ASHA.proxy };
/** Ravi, a customer. */
export const RAVI = "+918000000002";

/** The part of the fake engine that a page needs to get into a call. */
interface Playable extends Engine {
  ring(about: { readonly number: string }): string;
}

export interface FakePageOptions extends FakeWorldOptions {
  /** Changes to `config.json`. */
  readonly config?: Record<string, unknown>;
}

export interface FakePage<E extends Engine> extends FakeWorld {
  readonly engine: E;
  readonly phone: RunningPhone;
}

/** A page with a phone in it, before anybody signed in. Dispose of `phone` when done. */
export async function openPage<E extends Engine>(engine: E, options: FakePageOptions = {}): Promise<FakePage<E>> {
  const world = fakeWorld(engine, options);
  const phone = createPhone(world.ports, fakeConfig(options.config));
  await settled();
  return { engine, phone, ...world };
}

/** Asha is signed in and registered. */
export async function readyPage<E extends Engine>(engine: E, options: FakePageOptions = {}): Promise<FakePage<E>> {
  const page = await openPage(engine, options);
  await page.phone.signIn(FIELDS, false);
  return page;
}

/** Ravi called and Asha answered. */
export async function talkingPage<E extends Playable>(
  engine: E,
  options: FakePageOptions = {},
): Promise<FakePage<E> & { readonly leg: string }> {
  const page = await readyPage(engine, options);
  const leg = engine.ring({ number: RAVI });
  await page.phone.answer();
  await settled();
  return { ...page, leg };
}
