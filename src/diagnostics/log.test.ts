import { expect, test } from "vitest";
import { PhoneError } from "../core/errors.ts";
import { createLog } from "./log.ts";
import { logUncaught } from "./uncaught.ts";

test("[D5] the newest 500 entries are kept", () => {
  const log = createLog(() => 0);
  for (let i = 0; i < 1_200; i += 1) log.write("debug", `event ${i}`);
  expect(log.entries()).toHaveLength(500);
  expect(log.entries().at(0)?.event).toBe("event 700");
  expect(log.entries().at(-1)?.event).toBe("event 1199");
});

test("[D6] the text for support has a head and a line an entry, and no secret in either", () => {
  const log = createLog(
    () => 0,
    () => ({ version: "1.2.3", page: "https://phone.example.com/?agent=asha", secure: true }),
  );
  log.hide("hunter22");
  log.write("info", "registered", { user: "asha", note: "with hunter22" });
  log.write("error", "call-failed", { error: new PhoneError("dial-failed", new Error("+918000000012 is busy")) });
  expect(log.text().split("\n")).toEqual([
    "version: 1.2.3",
    "page: https://phone.example.com/?agent=…",
    "secure: true",
    "",
    '1970-01-01T00:00:00.000Z info  registered {"user":"asha","note":"with [removed]"}',
    '1970-01-01T00:00:00.000Z error call-failed {"error":{"error":"PhoneError: dial-failed","cause":"Error: •••12 is busy"}}',
  ]);
});

test("[D7] what is hidden is taken out of what follows, and short words are left alone", () => {
  const log = createLog(() => 0);
  log.hide("a");
  log.hide("hunter22");
  log.write("info", "an agent typed hunter22");
  expect(log.entries()[0]?.event).toBe("an agent typed [removed]");
});

test("[D8] what nobody caught is in the log, until undone", () => {
  const page = new EventTarget();
  const log = createLog(() => 0);
  const undo = logUncaught(page, log);
  page.dispatchEvent(Object.assign(new Event("error"), { error: new Error("broke") }));
  page.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: "refused" }));
  undo();
  page.dispatchEvent(Object.assign(new Event("error"), { error: new Error("later") }));
  expect(log.entries().map(({ event, facts }) => [event, facts])).toEqual([
    ["uncaught", { error: "Error: broke" }],
    ["unhandled-rejection", { error: "refused" }],
  ]);
});
