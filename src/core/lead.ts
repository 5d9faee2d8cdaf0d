import { isUp } from "./call/allowed.ts";
import type { Parts } from "./parts.ts";
import type { SipAccount } from "./engine-port.ts";
import type { Clock, TabRole } from "./ports.ts";

/** A tab that takes a call over has media of its own long before. */
const LINGER_MS = 1_500;
/** A database that does not open must not keep the phone from registering. */
const TAKE_UP_MS = 1_000;

/** What a tab does when it gets the phone, and when it loses it. */
export function createLead(parts: Parts, role: () => TabRole, setRole: (role: TabRole) => void): (next: TabRole) => void {
  const { agent, line } = parts;
  // Read while the role among the tabs is being found, for the tab that turns out to lead.
  let kept: Promise<SipAccount | null> | null = agent.kept();
  const lead = async (account: Promise<SipAccount | null>): Promise<void> => {
    // The phone is here from now on, and what it says is no longer that it is elsewhere.
    line.send({ type: "facts", change: { leads: null } });
    // Its engine is made ready meanwhile, where somebody will need one.
    void account.then((known) => (known !== null && isLeading(role()) ? parts.engine.load() : null)).catch(() => undefined);
    // A call that goes on goes before everything else, and brings its account along.
    const resumed = await withinMs(parts.desk.ports.clock, TAKE_UP_MS, parts.survival.takeUp());
    if (!isLeading(role())) return;
    line.send({ type: "facts", change: { leads: true } });
    await agent.restore(resumed === null ? account : Promise.resolve(resumed));
  };
  return (next) => {
    const leads = isLeading(next);
    const led = isLeading(role());
    // The page goes, and its tab lets go of the lead first: a call that is up is written down while its note is still here.
    if (led && !leads) leave(parts, next === "follower" ? LINGER_MS : 0);
    setRole(next);
    // A tab that followed reads the account anew: the agent may have signed out where the phone was.
    if (leads && !led) void lead(kept ?? agent.kept());
    else line.send({ type: "facts", change: { leads: next === "waiting" ? null : leads } });
    if (next !== "waiting") kept = null;
    // Drafts and logs belong to the tab that has the phone: it alone takes them up, once it knows whose they are.
    if (led && !leads) parts.attendance.release();
  };
}

function isLeading(role: TabRole): boolean {
  return role === "leader" || role === "alone";
}

/** The calls that are up can go on in another page. */
export function survives({ engine, calls, survival }: Parts): boolean {
  return engine.current()?.capabilities.canSurviveReload === true && calls.all().filter(isUp).every(survival.isKept);
}

/** @param lingerMs  how long media may go on, until another tab has its own. */
export function leave(parts: Parts, lingerMs: number): void {
  const { engine, calls, desk, work, survival } = parts;
  const loaded = engine.current();
  if (!survives(parts)) endHere(parts);
  survival.release(lingerMs === 0);
  if (loaded?.capabilities.canSurviveReload === true) loaded.abandon(lingerMs);
  else loaded?.leave();
  work.touch();
  if (isUp(calls.state.peek())) calls.forget();
  desk.writer.hurry();
}

/** Nobody can go on with a call that is not kept: it is over when the page is. */
function endHere({ engine, calls, desk, survival }: Parts): void {
  const at = desk.ports.clock.now();
  const canSurvive = engine.current()?.capabilities.canSurviveReload === true;
  for (const state of calls.all().filter((each) => !canSurvive || !survival.isKept(each))) {
    if (state.phase === "dialing") calls.askOf(state.facts.callId, { type: "hang-up", at }).catch(() => undefined);
    else if ("leg" in state && state.phase !== "ringing") {
      calls.feed({ type: "leg-ended", leg: state.leg, reason: "connection-lost", sipCode: null, at });
    }
  }
}

function withinMs<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | null> {
  let stop = () => {};
  const late = new Promise<null>((resolve) => void (stop = clock.after(ms, () => resolve(null))));
  return Promise.race([work, late]).finally(() => stop());
}
