import { computed, effect, signal } from "@preact/signals-core";
import type { Config } from "../protocol/config.ts";
import type { PhoneSnapshot } from "../protocol/host.ts";
import { createCallActions } from "./call-actions.ts";
import { callView } from "./call-view.ts";
import { isUp } from "./call/allowed.ts";
import { snapshotOf } from "./call/facts.ts";
import { type Desk, MICROPHONE_CODES, codeOf, createDesk } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import { createHostCommands } from "./host-commands.ts";
import { type OnePhone, createOnePhone } from "./one-phone.ts";
import type { OwnPhone } from "./own-phone.ts";
import { type Parts, createParts, watchedBy } from "./parts.ts";
import type { AudioDevices, Ports, TabRole } from "./ports.ts";
import type { Notice, Panel, Phone } from "./view.ts";

/** The phone, with what the page around it has to tell it. */
export interface RunningPhone extends Phone {
  /** `pagehide`: ends the call at the far end and writes down what can be, synchronously as far as that goes. */
  leave(): void;
  /** The browser's `online` and `offline`. */
  networkChanged(online: boolean): void;
  /** The page slept or was frozen and runs again: `pageshow`, `resume`, becoming visible. */
  woke(): void;
  /** Ends everything and closes the engine; the other ports stay the caller's. */
  dispose(): Promise<void>;
}

const WRITE_DOWN_EVERY_MS = 10_000;

/** Builds the phone out of its ports and starts it: reads what was kept, finds its role among the tabs, registers. */
export function createPhone(ports: Ports, config: Config): RunningPhone {
  const desk = createDesk(ports, config);
  const parts = createParts(desk);
  const tabRole = signal<TabRole>("waiting");
  const panel = signal<Panel>("keypad");
  const { devices, canRing, enableRinging, ...audible } = deviceSide(parts);
  const own: OwnPhone = { ...callSide(parts), ...workSide(parts), ...lineSide(parts), ...audible };
  const one = createOnePhone(desk, own, parts.context);
  const phone: RunningPhone = {
    ...one,
    config,
    tabRole,
    panel,
    context: parts.context,
    devices,
    canRing,
    enableRinging,
    show: (next) => void (panel.value = next),
    takeOver: (force) => ports.tabs.takeOver(force),
    formatNumber: (number) => ports.numbers.format(number),
    diagnostics: () => ports.log.text(),
    leave: () => leave(parts),
    networkChanged: (online) => {
      parts.line.send({ type: "facts", change: { online } });
      if (online) parts.outbox.flush();
    },
    woke: () => {
      one.woke();
      void checkLead(parts);
    },
    dispose: async () => {
      desk.scope.close();
      await parts.engine.close();
    },
  };
  start(parts, one, phone, (role) => void (tabRole.value = role));
  return phone;
}

function callSide(parts: Parts) {
  const { desk, calls, line, context, engine, vitals } = parts;
  return {
    call: computed(() => callView(calls.state.value)),
    snapshot: computed(() => snapshotOf(calls.state.value)),
    quality: vitals.quality,
    inputLevel: vitals.inputLevel,
    ...createCallActions(desk, { calls, line, context, engine: engine.current }),
  };
}

function workSide({ work, outbox, paperwork, history, desk }: Parts) {
  return {
    work: work.view,
    unsaved: computed(() => outbox.waiting.value + work.aside.value),
    history: history.list,
    notices: desk.notices.list,
    write: work.write,
    saveWork: async () => {
      const checked = work.check();
      if (checked === null || checked.missing.length > 0) return false;
      await paperwork.finish(checked.callId);
      return true;
    },
    retryUnsaved: outbox.flush,
    dismiss: (code: Notice["code"]) => desk.notices.clear(code),
    markSeen: () => {
      history.markSeen();
      desk.notices.clear("call-missed");
    },
  };
}

function lineSide({ line, agent, calls }: Parts) {
  return {
    line: line.view,
    agent: agent.view,
    signingIn: agent.signingIn,
    signIn: agent.signIn,
    signOut: agent.signOut,
    forget: agent.forget,
    setAvailable: async (available: boolean) => {
      if (!available && isUp(calls.state.peek())) throw new PhoneError("call-in-progress");
      line.send({ type: "facts", change: { available } });
    },
    retryNow: () => line.send({ type: "try-now" }),
  };
}

const RING_TEST_MS = 2_500;

function deviceSide({ desk, preferences, calls }: Parts) {
  const { audio } = desk.ports;
  const devices = signal<AudioDevices>({ inputs: [], outputs: [] });
  const canRing = signal(audio.canRing());
  const list = async (): Promise<void> => {
    try {
      devices.value = await audio.devices();
    } catch (error) {
      desk.ports.log.write("warn", "devices: not listed", { code: codeOf(error) });
    }
  };
  desk.scope.add(audio.onCanRing((can) => void (canRing.value = can)));
  desk.scope.add(
    audio.onDevicesChanged(() => {
      void list();
      void forgiveMicrophone(desk);
    }),
  );
  void list();
  return {
    devices,
    canRing,
    preferences: preferences.view,
    setPreferences: preferences.change,
    refresh: () => void preferences.load(),
    enableRinging: async () => {
      canRing.value = await audio.enableRinging();
    },
    testRinging: () => {
      if (isUp(calls.state.peek())) return;
      audio.startRinging();
      // A call that came meanwhile rings on.
      desk.ports.clock.after(RING_TEST_MS, () => calls.state.peek().phase !== "ringing" && audio.stopRinging());
    },
  };
}

/** A microphone that was plugged in ends the complaint about it. */
async function forgiveMicrophone({ notices, ports }: Desk): Promise<void> {
  const complained = notices.list.peek().some(({ code }) => MICROPHONE_CODES.some((known) => known === code));
  if (complained && (await ports.audio.checkMicrophone(false)) === "usable") notices.clear(...MICROPHONE_CODES);
}

/** A page that slept may have lost the lead: it does nothing before the browser says that it has it still. */
async function checkLead({ desk, line, outbox }: Parts): Promise<void> {
  if (!(await desk.ports.tabs.stillLeads())) return;
  line.send({ type: "try-now" });
  outbox.flush();
}

function start(parts: Parts, one: OnePhone, phone: Phone, setRole: (role: TabRole) => void): void {
  const { desk, agent, line, calls, context } = parts;
  const { tabs, host } = desk.ports;
  const watched = watchedBy(parts);
  desk.scope.add(effect(() => parts.vitals.watch(watched.value)));
  desk.scope.add(tabs.onTakeOverAsked(() => !isUp(calls.state.peek())));
  desk.scope.add(tabs.onRole(takeRole));
  desk.scope.add(
    host.onCommand(
      createHostCommands(desk, {
        phone,
        signIn: (fields) => one.signIn(fields, null),
        setContext: ({ record, number }) => void (context.value = { record, number: number ?? null }),
        snapshot,
      }),
    ),
  );
  desk.tell({ type: "ready", capabilities: capabilitiesOf(desk.config) });
  writeDown(parts);
  void parts.preferences.load();
  void parts.history.load();
  // Read while the role among the tabs is being found, for the tab that turns out to lead.
  let kept: ReturnType<typeof agent.kept> | null = agent.kept();
  takeRole(tabs.role());

  function takeRole(role: TabRole): void {
    const leads = role === "leader" || role === "alone";
    const led = phone.tabRole.peek() === "leader" || phone.tabRole.peek() === "alone";
    // The page goes, and its tab lets go of the lead first: a call that is up is written down while its note is still here.
    // So it is where the lead was taken by force, from a page that did not answer: two tabs must not have a microphone.
    if (led && (role === "waiting" || (!leads && isUp(calls.state.peek())))) leave(parts);
    setRole(role);
    line.send({ type: "facts", change: { leads: role === "waiting" ? null : leads } });
    if (leads && !led) {
      // A tab that followed reads the account anew: the agent may have signed out where the phone was.
      void agent.restore(kept ?? agent.kept());
    }
    if (role !== "waiting") kept = null;
    // Drafts and logs belong to the tab that has the phone: it alone takes them up, once it knows whose they are.
    if (led && !leads) parts.attendance.release();
  }
  function snapshot(): PhoneSnapshot {
    return {
      line: one.line.peek(),
      agent: one.agent.peek()?.user ?? null,
      call: one.snapshot.peek(),
      unsavedCalls: one.unsaved.peek(),
      sequence: desk.teller.told(),
    };
  }
}

/** A crash leaves no time to write: while somebody is on the line, the draft says every few seconds that they still are. */
function writeDown({ desk, calls, work }: Parts): void {
  let stop = () => {};
  const again = (): void => {
    stop = desk.ports.clock.after(WRITE_DOWN_EVERY_MS, () => {
      if (isUp(calls.state.peek())) work.touch();
      again();
    });
  };
  again();
  desk.scope.add(() => stop());
}

function leave({ engine, calls, desk, work }: Parts): void {
  const at = desk.ports.clock.now();
  const state = calls.state.peek();
  if (state.phase === "dialing") calls.feed({ type: "hang-up", at });
  else if ("leg" in state && state.phase !== "ringing") {
    calls.feed({ type: "leg-ended", leg: state.leg, reason: "connection-lost", sipCode: null, at });
  }
  engine.current()?.leave();
  work.touch();
  desk.writer.hurry();
}

function capabilitiesOf({ dialing }: Desk["config"]): readonly string[] {
  const always = ["answer", "reject", "hangup", "mute", "hold", "dtmf", "setContext", "signIn", "signOut", "showPanel", "getSnapshot"];
  return dialing.via === "none" ? always : ["dial", ...always];
}
