import type { JSHandle, Page } from "@playwright/test";
import { PHONE_ERROR_CODES, PhoneError } from "../../src/core/errors.ts";
import type { Engine, EngineEvent, Unsubscribe } from "../../src/core/ports.ts";
import type { EngineName } from "./start-sandbox.ts";
import "../engine-page/main.ts";

declare global {
  var tellEvent: (subscription: number, event: EngineEvent) => void;
}

/** An engine that lives in `page`, to be used from here: every call crosses into the page, every event comes back. */
export async function openRemoteEngine(page: Page, url: string, name: EngineName): Promise<Engine> {
  const listeners = new Map<number, (event: EngineEvent) => void>();
  await page.exposeFunction("tellEvent", (subscription: number, event: EngineEvent) => listeners.get(subscription)?.(event));
  await page.goto(url);
  await page.waitForFunction(() => "createEngine" in globalThis);
  const handle = await page.evaluateHandle((engine) => globalThis.createEngine(engine), name);
  return remoteEngine(handle, await handle.evaluate((engine) => engine.capabilities), listeners);
}

function remoteEngine(
  handle: JSHandle<Engine>,
  capabilities: Engine["capabilities"],
  listeners: Map<number, (event: EngineEvent) => void>,
): Engine {
  const failed = (error: unknown): never => {
    throw asPhoneError(error);
  };
  return {
    capabilities,
    on: (listener) => subscribe(handle, listeners, listener),
    register: (account) => handle.evaluate((engine, it) => engine.register(it), account).catch(failed),
    unregister: () => handle.evaluate((engine) => engine.unregister()).catch(failed),
    probe: (timeoutMs) => handle.evaluate((engine, ms) => engine.probe(ms), timeoutMs).catch(failed),
    place: (number) => handle.evaluate((engine, it) => engine.place(it), number).catch(failed),
    answer: (leg) => handle.evaluate((engine, it) => engine.answer(it), leg).catch(failed),
    reject: (leg) => handle.evaluate((engine, it) => engine.reject(it), leg).catch(failed),
    hangUp: (leg) => handle.evaluate((engine, it) => engine.hangUp(it), leg).catch(failed),
    setMuted: (leg, muted) => handle.evaluate((engine, it) => engine.setMuted(it.leg, it.muted), { leg, muted }).catch(failed),
    setHeld: (leg, held) => handle.evaluate((engine, it) => engine.setHeld(it.leg, it.held), { leg, held }).catch(failed),
    sendDigit: (leg, digit) => handle.evaluate((engine, it) => engine.sendDigit(it.leg, it.digit), { leg, digit }).catch(failed),
    transfer: (leg, number) => handle.evaluate((engine, it) => engine.transfer(it.leg, it.number), { leg, number }).catch(failed),
    transferTo: (leg, other) => handle.evaluate((engine, it) => engine.transferTo(it.leg, it.other), { leg, other }).catch(failed),
    statistics: (leg) => handle.evaluate((engine, it) => engine.statistics(it), leg).catch(failed),
    setInputDevice: (id) => handle.evaluate((engine, it) => engine.setInputDevice(it), id).catch(failed),
    setOutputDevice: (id) => handle.evaluate((engine, it) => engine.setOutputDevice(it), id).catch(failed),
    leave: () => void handle.evaluate((engine) => engine.leave()),
    resume: (account, legs) => handle.evaluate((engine, it) => engine.resume(it.account, it.legs), { account, legs }).catch(failed),
    abandon: (lingerMs) => void handle.evaluate((engine, ms) => engine.abandon(ms), lingerMs),
    dispose: () => handle.evaluate((engine) => engine.dispose()).catch(failed),
  };
}

function subscribe(
  handle: JSHandle<Engine>,
  listeners: Map<number, (event: EngineEvent) => void>,
  listener: (event: EngineEvent) => void,
): Unsubscribe {
  const subscription = listeners.size;
  // Stays here when it is undone in the page: what the engine says to it after that must not get lost.
  listeners.set(subscription, listener);
  void handle.evaluate((engine, id) => {
    globalThis.undoOf.set(
      id,
      engine.on((event) => globalThis.tellEvent(id, event)),
    );
  }, subscription);
  return () => void handle.evaluate((_engine, id) => globalThis.undoOf.get(id)?.(), subscription);
}

/** Playwright passes errors on by their text. */
function asPhoneError(error: unknown): unknown {
  const word = /PhoneError: ([a-z-]+)/.exec(error instanceof Error ? error.message : "")?.[1];
  const code = PHONE_ERROR_CODES.find((known) => known === word);
  return code === undefined ? error : new PhoneError(code, error);
}
