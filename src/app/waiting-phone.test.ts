import { signal } from "@preact/signals-core";
import { expect, test } from "vitest";
import type { LineView, Phone } from "../core/view.ts";
import { readConfig } from "../protocol/config.ts";
import { createWaitingPhone } from "./waiting-phone.ts";

const result = readConfig({ sip: {} });
if (!result.ok) throw new Error("the smallest configuration is valid");
const { config } = result;
const fields = { sipId: "asha", password: "hunter22", domain: "acme1.example.com", proxy: "voip.example.com:443" };

const realPhone = () => {
  const line = signal<LineView>({ state: "connecting", reason: null, nextTryAt: null, missing: ["registration"] });
  const calls: unknown[] = [];
  const real = {
    line,
    signIn: async (...args: unknown[]) => void calls.push(args),
    retryNow: () => void calls.push("retryNow"),
    formatNumber: (number: string) => `formatted ${number}`,
  } as unknown as Phone;
  return { real, line, calls };
};

test("[P84] before the phone is there it is signed out, and knows the configuration", () => {
  const { phone } = createWaitingPhone(config);
  expect(phone.line.value.state).toBe("signed-out");
  expect(phone.config).toBe(config);
  expect(phone.formatNumber("112")).toBe("112");
});

test("[P84] what was asked before it came is done when it comes", async () => {
  const waiting = createWaitingPhone(config);
  const { real, calls } = realPhone();
  const signedIn = waiting.phone.signIn(fields, true);
  waiting.phone.retryNow();
  expect(calls).toEqual([]);
  waiting.arrive(real);
  await signedIn;
  expect(calls).toEqual([[fields, true], "retryNow"]);
});

test("[P84] a refusal reaches whoever asked early", async () => {
  const waiting = createWaitingPhone(config);
  const signedIn = waiting.phone.signIn(fields, true);
  waiting.arrive({ signIn: () => Promise.reject(new Error("refused")) } as unknown as Phone);
  await expect(signedIn).rejects.toThrow("refused");
});

test("[P84] once it is there everything follows it", () => {
  const waiting = createWaitingPhone(config);
  const { real, line } = realPhone();
  waiting.arrive(real);
  expect(waiting.phone.line.value.state).toBe("connecting");
  line.value = { state: "ready", reason: null, nextTryAt: null, missing: [] };
  expect(waiting.phone.line.value.state).toBe("ready");
  expect(waiting.phone.formatNumber("112")).toBe("formatted 112");
});
