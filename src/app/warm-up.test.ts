import { expect, test } from "vitest";
import { FakeClock, settled } from "../core/fakes/clock.ts";
import { createWarmUp } from "./warm-up.ts";

class BrowserDouble {
  readonly asked: RTCConfiguration[] = [];
  readonly closed: object[] = [];
  microphones = 0;
  live = 0;
  refuses = false;
  readonly sockets: (EventTarget & { readyState: number })[] = [];
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
  createSocket(address: string) {
    if (address.startsWith("ws:")) throw new DOMException("forbidden by the policy", "SecurityError");
    const socket = Object.assign(new EventTarget(), {
      url: new URL(address).href,
      readyState: WebSocket.CONNECTING as number,
      close: () => void this.closed.push(socket),
    });
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
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

const SIP = "wss://sip.example.com:443/wss";

test("a socket is given away once, to whoever wants this address, and stays open", async () => {
  const { browser, clock, warm } = warmUp();
  warm.openSocket(SIP);
  warm.openSocket(SIP);
  warm.closeMedia();
  expect(warm.takeSocket("wss://other.example.com/wss")).toBeNull();
  expect(warm.takeSocket(SIP)).not.toBeNull();
  expect(warm.takeSocket(SIP)).toBeNull();
  await clock.wind(10_000);
  warm.close();
  expect([browser.sockets.length, browser.closed.length]).toEqual([1, 0]);
});

test("a socket that nobody takes is closed; where another tab has the phone none is opened", async () => {
  const late = warmUp();
  late.warm.openSocket(SIP);
  await late.clock.wind(3_000);
  expect(late.browser.closed).toHaveLength(1);
  expect(late.warm.takeSocket(SIP)).toBeNull();
  const { browser, warm } = warmUp();
  warm.openSocket(SIP);
  warm.close();
  expect(browser.closed).toHaveLength(1);
  warm.openSocket(SIP);
  expect(browser.sockets).toHaveLength(1);
});

test("whoever waits for the server's first word has it before the one who took the socket", async () => {
  const { browser, warm } = warmUp();
  const heard: string[] = [];
  void warm.answered.then(() => heard.push("answered"));
  warm.openSocket(SIP);
  await settled();
  expect(heard).toEqual([]);
  warm.takeSocket(SIP)?.addEventListener("message", () => setTimeout(() => heard.push("taken")));
  for (const socket of browser.sockets) socket.dispatchEvent(new Event("message"));
  await expect.poll(() => heard).toEqual(["answered", "taken"]);
});

test("a socket that broke meanwhile, or may not be opened, is none", () => {
  const { browser, warm } = warmUp();
  warm.openSocket("ws://sip.example.com/wss");
  expect(warm.takeSocket("ws://sip.example.com/wss")).toBeNull();
  warm.openSocket(SIP);
  for (const socket of browser.sockets) socket.readyState = WebSocket.CLOSED;
  expect(warm.takeSocket(SIP)).toBeNull();
});

test("one that is refused is none", async () => {
  const { browser, warm } = warmUp();
  browser.refuses = true;
  warm.openMicrophone();
  expect(await warm.takeMicrophone()).toBeNull();
});
