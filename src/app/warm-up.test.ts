import { expect, test } from "vitest";
import { FakeClock, settled } from "../core/fakes/clock.ts";
import { createWarmUp } from "./warm-up.ts";

class BrowserDouble {
  readonly asked: RTCConfiguration[] = [];
  readonly closed: object[] = [];
  microphones = 0;
  live = 0;
  refuses = false;
  async getUserMedia() {
    this.microphones += 1;
    if (this.refuses) throw new DOMException("no", "NotAllowedError");
    this.live += 1;
    return { getTracks: () => [{ stop: () => void (this.live -= 1) } as MediaStreamTrack] };
  }
  createConnection(configuration: RTCConfiguration) {
    this.asked.push(configuration);
    const connection = { close: () => void this.closed.push(connection) } as unknown as RTCPeerConnection;
    return connection;
  }
}

function warmUp() {
  const browser = new BrowserDouble();
  const clock = new FakeClock();
  return { browser, clock, warm: createWarmUp(browser, clock) };
}

const STUN = [{ urls: "stun:stun.example.com" }];

test("what was opened is given away once, and is not closed afterwards", async () => {
  const { browser, clock, warm } = warmUp();
  warm.openMicrophone();
  warm.openMicrophone();
  warm.openConnection(STUN);
  expect(browser.microphones).toBe(1);
  expect(browser.asked).toEqual([{ iceServers: STUN, iceCandidatePoolSize: 1 }]);
  expect(await warm.takeMicrophone()).not.toBeNull();
  expect(await warm.takeMicrophone()).toBeNull();
  expect(warm.takeConnection(STUN)).not.toBeNull();
  expect(warm.takeConnection(STUN)).toBeNull();
  await clock.wind(10_000);
  warm.close();
  expect([browser.live, browser.closed.length]).toEqual([1, 0]);
});

test("a connection with other servers is of no use", () => {
  const { warm } = warmUp();
  warm.openConnection([]);
  expect(warm.takeConnection(STUN)).toBeNull();
  expect(warm.takeConnection([])).not.toBeNull();
});

test("no microphone stays open that nobody takes, also one that opens late", async () => {
  const { browser, warm } = warmUp();
  warm.openMicrophone();
  warm.openConnection([]);
  warm.close();
  await settled();
  expect([browser.live, browser.closed.length]).toEqual([0, 1]);
  warm.openMicrophone();
  warm.openConnection([]);
  expect([browser.microphones, browser.asked.length], "nothing is opened any more").toEqual([1, 1]);

  const late = warmUp();
  late.warm.openMicrophone();
  await late.clock.wind(3_000);
  await settled();
  expect(late.browser.live).toBe(0);
});

test("one that is refused is none", async () => {
  const { browser, warm } = warmUp();
  browser.refuses = true;
  warm.openMicrophone();
  expect(await warm.takeMicrophone()).toBeNull();
});
