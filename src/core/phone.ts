import { type ReadonlySignal, computed, effect, signal } from "@preact/signals-core";
import type { Config } from "../protocol/config.ts";
import type { SignInProof } from "../protocol/gateway-agents.ts";
import type { PhoneSnapshot, SignIn } from "../protocol/host.ts";
import { createCallActions } from "./call-actions.ts";
import { callView } from "./call-view.ts";
import { callOptions, sameOptions } from "./call-options.ts";
import { isUp } from "./call/allowed.ts";
import { snapshotOf } from "./call/facts.ts";
import type { CallState } from "./call/state.ts";
import { codeOf, createDesk } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import { createHostCommands } from "./host-commands.ts";
import { createLead, leave, survives } from "./lead.ts";
import { type OnePhone, createOnePhone } from "./one-phone.ts";
import type { OwnPhone } from "./own-phone.ts";
import { type Parts, createParts, reachedFor, watchedBy } from "./parts.ts";
import { createPatience } from "./patience.ts";
import type { AudioDevices, Ports, TabRole } from "./ports.ts";
import { hearGateway } from "./requested-calls.ts";
import { steady } from "./steady.ts";
import { createTwoCallActions } from "./two-call-actions.ts";
import type { AsideView, Notice, Panel, Phone } from "./view.ts";

/** The phone, with what the page around it has to tell it. */
export interface RunningPhone extends Phone {
  /** `pagehide`: ends the call at the far end and writes down what can be, synchronously as far as that goes. */
  leave(): void;
  /** Reads which devices there are, for the first time: later changes are heard of. To ask takes a browser its time. */
  listDevices(): Promise<void>;
  /** The browser's `online` and `offline`. */
  networkChanged(online: boolean): void;
  /** The page is about to be frozen (Page Lifecycle `freeze`): until it wakes it cannot ring. */
  froze(): void;
  /** The page may have lost touch. `slept`: it did not run meanwhile, so nothing is claimed before the registrar has answered. */
  woke(slept: boolean): void;
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
  const { devices, listDevices, canRing, enableRinging, microphone, checkMicrophone, ...audible } = deviceSide(parts);
  const own: OwnPhone = { ...callSide(parts), ...workSide(parts), ...lineSide(parts), ...audible };
  const one = createOnePhone(desk, own, parts.context);
  const { archiveChanges: changes } = one;
  const signInWith = async (proof: SignInProof): Promise<void> => {
    if (ports.agents === null) throw new PhoneError("not-supported");
    await one.signIn(await ports.agents.signIn(proof), true);
  };
  const phone: RunningPhone = {
    ...one,
    config,
    signInWith,
    archive: ports.agents === null ? null : { findCalls: ports.agents.findCalls, recording: ports.agents.recording, changes },
    tabRole,
    panel,
    context: parts.context,
    devices,
    listDevices,
    canRing,
    enableRinging,
    microphone,
    checkMicrophone,
    show: (next) => void (panel.value = next),
    takeOver: (force) => ports.tabs.takeOver(force),
    formatNumber: (number) => ports.numbers.format(number),
    diagnostics: () => ports.log.text(),
    leave: () => leave(parts, 0),
    networkChanged: (online) => {
      parts.line.send({ type: "facts", change: { online } });
      if (online) parts.outbox.flush();
    },
    froze: parts.reach.doubt,
    woke: (slept) => {
      if (slept) parts.reach.doubt();
      one.woke();
      void checkLead(parts);
    },
    dispose: async () => {
      desk.scope.close();
      await parts.engine.close();
    },
  };
  hearGateway(parts, () => tabRole.value);
  start(parts, one, phone, (role) => void (tabRole.value = role));
  return phone;
}

function callSide(parts: Parts) {
  const { desk, calls, line, context, engine, abilities, vitals } = parts;
  const view = (state: ReadonlySignal<CallState>) => {
    const isLongLost = createPatience(desk, state);
    return computed(() => callView(state.value, isLongLost.value, calls.consultation.value));
  };
  return {
    call: view(calls.state),
    otherCall: view(calls.other),
    callOptions: steady(() => callOptions(calls, abilities.value, desk.config), sameOptions),
    snapshot: computed(() => snapshotOf(calls.state.value)),
    otherSnapshot: computed(() => snapshotOf(calls.other.value)),
    quality: vitals.quality,
    inputLevel: vitals.inputLevel,
    ...createCallActions(desk, { calls, line, context, engine: engine.current }),
    ...createTwoCallActions(desk, { calls, line, context, abilities }),
  };
}

const NOBODY: readonly AsideView[] = [];

function workSide({ work, outbox, paperwork, history, desk, calls }: Parts) {
  return {
    work: work.view,
    // Signed out, nobody's work is on the screen.
    aside: computed(() => (work.view.value === null ? NOBODY : work.aside.value)),
    bringUp: async (callId: string) => {
      if (isUp(calls.state.peek())) throw new PhoneError("call-in-progress");
      const call = work.bringUp(callId);
      if (call === null) throw new PhoneError("no-call");
      await calls.ask({ type: "resume", call, asked: true });
    },
    unsaved: computed(() => outbox.waiting.value + work.aside.value.length),
    history: history.list,
    archiveChanges: desk.archiveChanges,
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

function lineSide({ desk, line, agent, calls, outbox }: Parts) {
  return {
    line: line.view,
    agent: agent.view,
    signingIn: agent.signingIn,
    signIn: async (fields: SignIn, stay: boolean | null) => {
      await agent.signIn(fields, stay);
      // Also where the account is the same as before: the session is another.
      desk.session.renewed();
      outbox.flush();
    },
    signOut: agent.signOut,
    forget: agent.forget,
    account: agent.account,
    remember: agent.remember,
    setAvailable: async (available: boolean) => {
      if (!available && isUp(calls.state.peek())) throw new PhoneError("call-in-progress");
      line.send({ type: "facts", change: { available } });
    },
    retryNow: () => line.send({ type: "try-now" }),
  };
}

const RING_TEST_MS = 2_500;

function deviceSide({ desk, preferences, calls, reach }: Parts) {
  const { audio } = desk.ports;
  const devices = signal<AudioDevices>({ inputs: [], outputs: [] });
  const list = async (): Promise<void> => {
    try {
      devices.value = await audio.devices();
    } catch (error) {
      desk.ports.log.write("warn", "devices: not listed", { code: codeOf(error) });
    }
  };
  desk.scope.add(
    audio.onDevicesChanged(() => {
      void list();
      reach.devicesChanged();
    }),
  );
  return {
    devices,
    listDevices: list,
    canRing: reach.canRing,
    microphone: reach.microphone,
    preferences: preferences.view,
    setPreferences: preferences.change,
    refresh: () => void preferences.load(),
    enableRinging: reach.enableRinging,
    checkMicrophone: reach.askForMicrophone,
    testRinging: () => {
      if (isUp(calls.state.peek())) return;
      audio.startRinging("ring");
      // A call that came meanwhile rings on.
      desk.ports.clock.after(RING_TEST_MS, () => calls.state.peek().phase !== "ringing" && audio.stopRinging());
    },
  };
}

/** A page that slept may have lost the lead: it does nothing before the browser says that it has it still. */
async function checkLead({ desk, line, outbox, reach }: Parts): Promise<void> {
  if (!(await desk.ports.tabs.stillLeads())) return;
  reach.look();
  line.send({ type: "try-now" });
  outbox.flush();
}

function start(parts: Parts, one: OnePhone, phone: Phone, setRole: (role: TabRole) => void): void {
  const { desk, calls, context } = parts;
  const { tabs, host } = desk.ports;
  const watched = watchedBy(parts);
  desk.scope.add(effect(() => parts.vitals.watch(watched.value)));
  const reached = reachedFor(parts);
  desk.scope.add(effect(() => parts.reach.watch(reached.value)));
  desk.scope.add(tabs.onTakeOverAsked(() => !isUp(calls.state.peek()) || survives(parts)));
  desk.scope.add(
    host.onCommand(
      createHostCommands(desk, {
        phone,
        signIn: (fields) => one.signIn(fields, null),
        signInByToken: phone.signInWith,
        setContext: ({ record, number }) => void (context.value = { record, number: number ?? null }),
        snapshot,
      }),
    ),
  );
  desk.tell({ type: "ready", capabilities: capabilitiesOf(desk.config) });
  writeDown(parts);
  void parts.preferences.load();
  void parts.history.load();
  const takeRole = createLead(parts, () => phone.tabRole.peek(), setRole);
  desk.scope.add(tabs.onRole(takeRole));
  takeRole(tabs.role());

  function snapshot(): PhoneSnapshot {
    return {
      line: one.line.peek(),
      agent: one.agent.peek()?.user ?? null,
      call: one.snapshot.peek(),
      otherCall: one.otherSnapshot.peek(),
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

/** What the host may ask for. The engine is not loaded yet; which it will be is known. */
function capabilitiesOf({ dialing, sip, gateway }: Config): readonly string[] {
  const always = ["answer", "reject", "hangup", "mute", "hold", "dtmf", "setContext", "signIn", "signOut", "showPanel", "getSnapshot"];
  const dials = dialing.via !== "none";
  const twoCalls = sip.engine === "sipjs" ? ["transfer", "swap", ...(dials ? ["consult", "completeTransfer", "cancelConsult"] : [])] : [];
  const byToken = gateway?.signIn === true ? ["signInByToken"] : [];
  return [...(dials ? ["dial"] : []), ...always, ...byToken, ...twoCalls];
}
