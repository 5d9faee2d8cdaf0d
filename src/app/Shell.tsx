import { signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { version } from "../../package.json";
import type { Phone } from "../core/view.ts";
import { applyBrand } from "../ui/apply-brand.ts";
import { showIcon } from "../ui/page-icon.ts";
import { createScreen, type Hints, ScreenContext } from "../ui/screen-state.ts";
import { SignIn } from "../ui/SignIn.tsx";
import type { AgentHints } from "./hosts.ts";
import { phoneLinks } from "./phone-links.ts";

/** What arrives after the sign-in screen. */
export interface Arrived {
  readonly phone: Phone;
  readonly StatusBar: ComponentType;
  readonly App: ComponentType<{ readonly phone: Phone; readonly hints: Hints }>;
}

export function createArrival(): Signal<Arrived | null> {
  return signal(null);
}

interface ShellProps {
  readonly waiting: Phone;
  readonly arrived: Signal<Arrived | null>;
  readonly agent: AgentHints & Pick<Hints, "takeProof">;
}

/**
 * The sign-in screen first, the whole phone as soon as it is there and has something else to show: what was typed
 * meanwhile is never taken away.
 */
export function Shell({ waiting, arrived, agent }: ShellProps) {
  const hints = useMemo(() => ({ version, takePhoneLinks: phoneLinks(globalThis.window), ...agent }), [agent]);
  const screen = useMemo(() => createScreen(waiting, hints), [waiting]);
  const hasMoved = useRef(false);
  const isShown = useRef(false);
  useLayoutEffect(() => applyBrand(waiting.config.brand, document.documentElement), [waiting]);
  const whole = arrived.value;
  if (whole && (!isShown.current || !isSigningIn(whole.phone))) hasMoved.current = true;
  if (whole && hasMoved.current) return <whole.App phone={whole.phone} hints={hints} />;
  isShown.current = true;
  return (
    <ScreenContext.Provider value={screen}>
      <div class="app">
        <div class="phone">
          {whole ? <whole.StatusBar /> : <SignedOut />}
          <main class="stage" aria-label="Phone">
            <SignIn />
          </main>
        </div>
      </div>
    </ScreenContext.Provider>
  );
}

/** The first line, while there is nobody yet who could say anything else. */
function SignedOut() {
  useEffect(() => showIcon("icon.svg"), []);
  return (
    <header class="status tone-off" aria-label="Phone status">
      <div class="status-line">
        <span class="dot" />
        <span role="status" class="status-word">
          Signed out
        </span>
      </div>
    </header>
  );
}

/**
 * Nobody is signed in, as far as this tab knows, and nothing is up. While another tab has not said so yet, what is being
 * typed stays.
 */
function isSigningIn(phone: Phone): boolean {
  const isUnreachable = phone.whereabouts.value === "silent" || phone.whereabouts.value === "outdated";
  const isNobody = phone.agent.value === null || phone.signingIn.value;
  return isNobody && !isUnreachable && phone.call.value === null && phone.work.value === null;
}
