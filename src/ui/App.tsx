import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { CallView, Phone } from "../core/view.ts";
import "./styles/theme.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/strips.css";
import "./styles/phone.css";
import "./styles/menu-and-nav.css";
import "./styles/sign-in.css";
import "./styles/dialpad.css";
import "./styles/call.css";
import "./styles/ringing.css";
import "./styles/two-calls.css";
import "./styles/call-sizes.css";
import "./styles/work.css";
import "./styles/forced-colors.css";
import "./styles/zoomed.css";
import { ActiveCall } from "./ActiveCall.tsx";
import { Announcer } from "./Announcer.tsx";
import { applyBrand } from "./apply-brand.ts";
import { Dialing } from "./Dialing.tsx";
import { Dialpad } from "./Dialpad.tsx";
import { IncomingCall } from "./IncomingCall.tsx";
import { LateView, preloadViews } from "./LateView.tsx";
import { LeaderAwaited, LeaderGone } from "./LeaderGone.tsx";
import { Nav } from "./Nav.tsx";
import { Notices } from "./Notices.tsx";
import { clearScreenState, createScreen, type Hints, ScreenContext, useScreen } from "./screen-state.ts";
import { OtherCall } from "./OtherCall.tsx";
import { SignIn } from "./SignIn.tsx";
import { StatusBar } from "./StatusBar.tsx";
import { useIsPage } from "./use-is-page.ts";
import { useNoStrayClicks } from "./use-no-stray-clicks.ts";
import { usePageSign } from "./use-page-sign.ts";
import { WrapUp } from "./WrapUp.tsx";

/** The whole screen of one phone. */
export function App({ phone, hints = {} }: { readonly phone: Phone; readonly hints?: Hints }) {
  const screen = useMemo(() => createScreen(phone, hints), [phone]);
  const { theme } = phone.preferences.value;
  useLayoutEffect(() => applyBrand(phone.config.brand, document.documentElement), [phone]);
  useLayoutEffect(() => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  return (
    <ScreenContext.Provider value={screen}>
      <Layout />
    </ScreenContext.Provider>
  );
}

function Layout() {
  const { phone, state } = useScreen();
  const isPage = useIsPage();
  const call = phone.call.value;
  const where = placeOf(phone);
  const isKnown = where !== "sign-in" && where !== "awaited" && where !== "unreachable";
  const isBeside = isPage && isKnown;
  usePageSign(phone);
  useAgentChange(phone, () => clearScreenState(state));
  useNoStrayClicks();
  // What did not work in the last call is no news in this one.
  useLayoutEffect(() => {
    if (call) state.problem.value = null;
  }, [call?.callId]);
  useEffect(() => void preloadViews(), []);
  return (
    <div class={isBeside ? "app app-page" : "app"}>
      <div class="phone">
        <StatusBar />
        <main class="stage" aria-label="Phone">
          {isKnown && <OtherCall />}
          {isKnown && <Notices isIdle={where === "idle"} />}
          <Stage where={where} call={call} isBeside={isBeside} />
        </main>
        {where === "idle" && <Nav hasCallsBeside={isBeside} />}
        {call?.phase === "ringing" && isKnown && <IncomingCall call={call} />}
      </div>
      {isBeside && (
        <aside class="beside" aria-label="Calls">
          <LateView key="History" name="History" />
        </aside>
      )}
      <Announcer />
    </div>
  );
}

type Place = "sign-in" | "awaited" | "unreachable" | "idle" | "dialing" | "talking" | "wrap-up";

/** Which view is up. A ringing call changes nothing here: it lies over what is there. */
function placeOf(phone: Phone): Place {
  const call = phone.call.value;
  const work = phone.work.value;
  const line = phone.line.value;
  const whereabouts = phone.whereabouts.value;
  if (whereabouts === "awaited") return "awaited";
  if (whereabouts === "silent" || whereabouts === "outdated") return "unreachable";
  if (call?.phase === "dialing" || call?.phase === "connecting") return "dialing";
  if (call?.phase === "active" || call?.phase === "reconnecting") return "talking";
  if (work && (call?.phase === "wrap-up" || call?.callId !== work.callId)) return "wrap-up";
  // While signing in is under way the form stays: what was typed must still be there when it is refused.
  const isRefused = line.state === "refused" && line.reason === "credentials-refused";
  if (phone.signingIn.value || isRefused) return "sign-in";
  // Nobody yet, but still connecting: an account that was kept is on its way, and the form would only flash.
  if (phone.agent.value === null && line.state !== "connecting") return "sign-in";
  return "idle";
}

function Stage({ where, call, isBeside }: { readonly where: Place; readonly call: CallView | null; readonly isBeside: boolean }) {
  const { phone } = useScreen();
  const work = phone.work.value;
  const lastCall = useLastCall(call);
  switch (where) {
    case "sign-in":
      return <SignIn />;
    case "awaited":
      return <LeaderAwaited />;
    case "unreachable":
      return <LeaderGone />;
    case "dialing":
      return call && <Dialing call={call} />;
    case "talking":
      return call && <ActiveCall key={call.callId} call={call} />;
    case "wrap-up":
      return work && <WrapUp key={work.callId} work={work} call={lastCall?.callId === work.callId ? lastCall : null} />;
    case "idle":
      if (phone.panel.value === "settings") return <LateView key="Settings" name="Settings" />;
      return phone.panel.value === "calls" && !isBeside ? <LateView key="History" name="History" /> : <Dialpad />;
    default:
      return where satisfies never;
  }
}

/** Tells when somebody else works here than before; signed out in between is nobody yet. */
function useAgentChange(phone: Phone, changed: () => void): void {
  const last = useRef<string | null>(null);
  const user = phone.agent.value?.user ?? null;
  useLayoutEffect(() => {
    if (user === null) return;
    if (last.current !== null && last.current !== user) changed();
    last.current = user;
  }, [user]);
}

/** The call that wrap-up is about, also while the next one rings, or was dialled and did not come about. */
function useLastCall(call: CallView | null): CallView | null {
  const last = useRef<CallView | null>(null);
  if (call?.phase === "wrap-up") last.current = call;
  return last.current;
}
