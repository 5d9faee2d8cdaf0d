import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLog } from "./log.ts";

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  write(createLog("debug", sink));
  return lines.join("");
}

test("[G2] a number is masked wherever it turns up in a line", () => {
  const text = logged((log) => {
    log.info({ to: "09052161119", more: [{ deep: "+91-9611795983" }] }, "calling 9611795983 now");
    log.error({ err: new Error('invalid input "919611795983" for column') }, "failed");
  });
  expect(text).not.toMatch(/9611795983|52161119/);
  expect(text).toContain("…19");
});

test("[G2] the line's own time and a UUID stay readable", () => {
  const id = "12345678-1234-4123-8123-123456789012";
  const line = logged((log) => log.info({ callId: id }, "kept"));
  expect(JSON.parse(line)).toMatchObject({ callId: id, time: expect.any(Number) });
});

test("[G2] secrets are taken out by name", () => {
  const text = logged((log) => log.info({ password: "canary", request: { authorization: "canary", cookie: "canary" } }, "x"));
  expect(text).not.toContain("canary");
});

test("[G2] of an error its words are logged and not what it carries", () => {
  const error = Object.assign(new Error("failed", { cause: Object.assign(new Error("deeper"), { code: "ECONNREFUSED" }) }), {
    code: "23505",
    parameters: ["canary"],
    detail: "canary",
  });
  const text = logged((log) => log.error({ err: error }, "x"));
  expect(JSON.parse(text)).toMatchObject({ err: { message: "failed", code: "23505", cause: { code: "ECONNREFUSED" } } });
  expect(text).not.toContain("canary");
});
