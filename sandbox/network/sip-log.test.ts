import { expect, test } from "vitest";
import { redact } from "./sip-log.ts";

test("[N2] credentials leave the log", () => {
  const message =
    'REGISTER sip:a SIP/2.0\r\nAuthorization: Digest response="secret"\r\nproxy-authorization : Digest x="secret"\r\nVia: x\r\n\r\n';
  expect(redact(message)).not.toContain("secret");
  expect(redact(message)).toContain("Via: x");
});

test("[N2] pressed keys leave the log, other bodies stay", () => {
  expect(redact("INFO sip:a SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=5\r\nDuration=240")).toMatch(
    /\r\n\r\n\[redacted\]$/,
  );
  expect(redact("INVITE sip:a SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n")).toMatch(/v=0\r\n$/);
});
