import { FakeClock, settled } from "../../src/core/fakes/clock.ts";
import type { FakeHost } from "../../src/core/fakes/host.ts";
import { ASHA, fakeConfig, fakeWorld } from "../../src/core/fakes/ports.ts";
import { createPhone, type RunningPhone } from "../../src/core/phone.ts";
import { createLog } from "../../src/diagnostics/log.ts";
import { NetworkDouble } from "../../src/engines/sipjs/network-double.ts";
import { WorldDouble } from "../../src/engines/sipjs/world-double.ts";
import type { SoakFigures } from "./soak-report.ts";
import { windTimers } from "./wound-timers.ts";

const HOURS = 8;
/** Finished SIP transactions live for 64 × T1 = 32 s (RFC 3261 section 17). */
const REST_MS = 40_000;
/** History and log are full by then (500 entries each): what grows after that is a leak. */
const WARM_UP_CALLS = 550;

/**
 * A working day of an agent in some seconds: the real core on the real engine `sipjs`, over a played network, a played
 * browser and a clock that is wound. Every tenth call meets a socket that dies in the middle.
 */
export async function simulatedDay(calls: number): Promise<SoakFigures> {
  const clock = new FakeClock();
  // Before sip.js is loaded, so that it finds these timers.
  const timers = windTimers(clock);
  const { createSipjsEngine } = await import("../../src/engines/sipjs/sipjs-engine.ts");
  const network = new NetworkDouble();
  const world = new WorldDouble(network);
  const config = fakeConfig({
    sip: {
      engine: "sipjs",
      presets: [{ id: "test", label: "Test", domain: "{account}.voip.example.com", proxy: "voip.example.com:443" }],
    },
    wrapUp: { seconds: 0, fields: [] },
  });
  const log = createLog(clock.now.bind(clock));
  const engine = createSipjsEngine({ sip: config.sip, clock, log, world });
  const page = fakeWorld(engine, { clock });
  const phone = createPhone({ ...page.ports, log }, config);
  await settled();
  await phone.signIn({ sipId: ASHA.user, password: ASHA.password, domain: ASHA.domain, proxy: ASHA.proxy }, true);
  await clock.wind(1_000);
  if (phone.line.value.state !== "ready") throw new Error(`the simulated phone is ${phone.line.value.state}`);

  const perCallMs = (HOURS * 3_600_000) / calls;
  const rest = async () => {
    await clock.wind(REST_MS);
    forget(network, world, page.host);
    return { heapBytes: heapNow(), timers: timers.pending(), clockTimers: clock.timerCount() };
  };
  let before = await rest();
  for (let call = 1; call <= calls; call += 1) {
    try {
      await oneCall({ clock, network, phone, cut: call % 10 === 0 });
    } catch (error) {
      throw new Error(`call ${call}; line ${phone.line.value.state}, call ${phone.call.value?.phase ?? "none"}`, { cause: error });
    }
    await clock.wind(Math.max(0, perCallMs - 20_000));
    forget(network, world, page.host);
    if (call === Math.min(WARM_UP_CALLS, Math.floor(calls / 2))) before = await rest();
  }
  const after = await rest();
  const counted = calls - Math.min(WARM_UP_CALLS, Math.floor(calls / 2));
  const open = {
    "peer connections": world.connections.filter(({ closed }) => !closed).length,
    microphones: world.microphones.filter(({ track }) => !track.stopped).length,
    speakers: world.speakers.filter(({ closed }) => !closed).length,
    "sockets beside the one": network.sockets.filter(({ state }) => state !== "closed").length - 1,
    "timers of sip.js": after.timers - before.timers,
    "timers of the phone": after.clockTimers - before.clockTimers,
  };
  await phone.dispose();
  return { calls, heapBytesPerCall: (after.heapBytes - before.heapBytes) / counted, left: open };
}

interface Day {
  readonly clock: FakeClock;
  readonly network: NetworkDouble;
  readonly phone: RunningPhone;
  readonly cut: boolean;
}

/** Twenty seconds. */
async function oneCall({ clock, network, phone, cut }: Day): Promise<void> {
  const call = network.ring();
  await settled();
  await phone.answer();
  await clock.wind(2_000);
  if (phone.call.value?.phase !== "active") throw new Error(`a simulated call is ${phone.call.value?.phase ?? "not there"}`);
  await phone.setMuted(true);
  await phone.setHeld(true);
  await clock.wind(1_000);
  phone.write({ notes: "Wants a quote" });
  await phone.setHeld(false);
  await clock.wind(1_000);
  await phone.setMuted(false);
  await phone.sendDigits("5");
  if (cut) network.socket.lost();
  await clock.wind(15_000);
  if (cut) call.hangUp();
  else await phone.hangUp();
  await clock.wind(1_000);
  await phone.saveWork();
  await settled();
}

/** What only the played world remembers. */
function forget(network: NetworkDouble, world: WorldDouble, host: FakeHost): void {
  const played: readonly { length: number }[] = [network.registers, network.others, host.events, host.pops, host.attempts];
  host.stored.clear();
  // Their number names the next one: an id that comes again within half a minute is a repetition to SIP.
  const [first] = network.calls;
  if (first) network.calls.fill(first);
  for (const list of played) list.length = 0;
  removeAll(network.sockets, ({ state }) => state === "closed");
  removeAll(world.connections, ({ closed }) => closed);
  removeAll(world.microphones, ({ track }) => track.stopped);
  removeAll(world.speakers, ({ closed }) => closed);
}

function removeAll<T>(list: T[], isOver: (item: T) => boolean): void {
  const kept = list.filter((item) => !isOver(item));
  list.splice(0, list.length, ...kept);
}

function heapNow(): number {
  if (globalThis.gc === undefined) throw new Error("run node with --expose-gc");
  for (let round = 0; round < 3; round += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
