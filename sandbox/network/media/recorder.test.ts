import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Recorder } from "./recorder.ts";
import { parseWav } from "./wav.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "recorder-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const loud = (value: number) => new Int16Array(160).fill(value);

function read() {
  const { sampleRate, channels } = parseWav(readFileSync(join(folder, "call.wav")));
  const [agent = new Int16Array(), customer = new Int16Array()] = channels;
  return { sampleRate, count: channels.length, agent, customer };
}

test("[N5] the agent is left, the customer right, each at its time", () => {
  const recorder = new Recorder(join(folder, "call.wav"), 1000);
  recorder.agent(loud(100), 7, 1100);
  recorder.customer(loud(200), 1200);
  recorder.close(1400);
  const { sampleRate, count, agent, customer } = read();
  expect([sampleRate, count, agent.length, customer.length]).toEqual([8000, 2, 3200, 3200]);
  expect([agent[799], agent[800], agent[959], agent[960]]).toEqual([0, 100, 100, 0]);
  expect([customer[1599], customer[1600], customer[1759], customer[1760]]).toEqual([0, 200, 200, 0]);
});

test("[N5] packets that arrive late or in a burst stay where their timestamps say, across the wrap at 32 bits", () => {
  const recorder = new Recorder(join(folder, "call.wav"), 0);
  recorder.agent(loud(1), 2 ** 32 - 160, 0);
  recorder.agent(loud(3), 160, 61);
  recorder.agent(loud(2), 0, 61);
  recorder.close(80);
  const { agent } = read();
  expect([agent[0], agent[160], agent[320]]).toEqual([1, 2, 3]);
});

test("[N5] a stream that jumps in its timestamps goes on where it arrived", () => {
  const recorder = new Recorder(join(folder, "call.wav"), 0);
  recorder.agent(loud(1), 0, 0);
  recorder.agent(loud(2), 1_000_000, 100);
  recorder.close(200);
  expect(read().agent[800]).toBe(2);
});

test("[N5] a long call is whole", () => {
  const recorder = new Recorder(join(folder, "call.wav"), 0);
  for (let tick = 0; tick < 500; tick += 1) {
    recorder.agent(loud(tick + 1), tick * 160, tick * 20);
    recorder.customer(loud(-tick - 1), tick * 20);
  }
  recorder.close(10_000);
  const { agent, customer } = read();
  expect(agent.length).toBe(80_000);
  expect([agent[0], agent[40_000], agent[79_999]]).toEqual([1, 251, 500]);
  expect([customer[0], customer[40_000], customer[79_999]]).toEqual([-1, -251, -500]);
});
