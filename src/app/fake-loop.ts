import { afterEach, beforeEach, vi } from "vitest";
import type { CommandHandler, Host } from "../core/ports.ts";
import { FakeClock } from "../hosts/fake-clock.ts";
import { createPostMessageHost } from "../hosts/post-message/host.ts";
import { open, type OpenOptions, type Phone } from "../sdk/index.ts";
import { TwoWindows } from "../sdk/two-windows.ts";

export interface Loop {
  readonly windows: TwoWindows;
  phonePage(allowedOrigins?: string[]): { readonly host: Host; readonly clock: FakeClock };
  crmPage(options?: Partial<OpenOptions>): Phone;
  /** Runs when the test is over. */
  afterwards(run: () => void): void;
}

/** The library and the phone's end of the protocol, over real ports; anew for each test of the file that calls it. */
export function useLoop(): Loop {
  let windows: TwoWindows;
  let undo: (() => void)[];
  beforeEach(() => {
    windows = new TwoWindows();
    undo = [];
    vi.stubGlobal("window", windows.page);
    vi.stubGlobal("document", { hidden: false });
    vi.stubGlobal("location", { href: `${windows.pageOrigin}/leads` });
  });
  afterEach(() => {
    for (const run of undo) run();
    vi.unstubAllGlobals();
  });
  return {
    get windows() {
      return windows;
    },
    phonePage(allowedOrigins = [windows.pageOrigin]) {
      const clock = new FakeClock();
      let ids = 0;
      const load = Math.random();
      const host = createPostMessageHost({
        world: windows.loadPhone(),
        allowedOrigins,
        requestTimeoutMs: 10_000,
        clock,
        log: { write: () => {} },
        newId: () => `${load}-${(ids += 1)}`,
      });
      undo.push(() => host.dispose());
      return { host, clock };
    },
    crmPage(options = {}) {
      const phone = open({ url: `${windows.phoneOrigin}/`, frame: windows.frame, ...options });
      undo.push(() => phone.close());
      return phone;
    },
    afterwards: (run) => void undo.push(run),
  };
}

export const happens = (phone: Phone, type: Parameters<Phone["on"]>[0]) =>
  new Promise((resolve) => {
    const stop = phone.on(type, (event: unknown) => {
      stop();
      resolve(event);
    });
  });
export const snapshot = {
  line: { state: "ready", reason: null, nextTryAt: null, missing: [] },
  agent: "asha",
  call: null,
  unsavedCalls: 0,
  sequence: 0,
} as const;
export const answering =
  (heard: unknown[]): CommandHandler =>
  async (type, payload) => {
    if (type === "getSnapshot") return { ok: true, value: snapshot };
    heard.push([type, payload]);
    if (type === "dial") return { ok: true, value: { callId: "call-1" } };
    return type === "hangup" ? { ok: false, code: "no-call" } : { ok: true };
  };
