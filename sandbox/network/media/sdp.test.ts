import { expect, test } from "vitest";
import {
  directionFor,
  directionOf,
  preferredPayloadType,
  telephoneEventOf,
  transportOf,
  withDirection,
  withLoopbackOnly,
  withOrigin,
  withSetup,
} from "./sdp.ts";

const SDP = [
  "v=0",
  "o=- 1 1 IN IP4 0.0.0.0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 8 0 126",
  "a=candidate:1 1 udp 2113937151 127.0.0.1 5000 typ host",
  "a=candidate:2 1 udp 2113937151 192.0.2.2 5001 typ host",
  "a=ice-ufrag:abcd",
  "a=ice-pwd:efgh",
  "a=fingerprint:sha-256 AA:BB",
  "a=setup:actpass",
  "a=sendrecv",
  "a=rtpmap:126 telephone-event/8000",
  "",
].join("\r\n");

test("[N6] direction, setup and origin change without touching the rest", () => {
  const changed = withOrigin(withSetup(withDirection(SDP, "inactive"), "passive"), 5, 2);
  expect(directionOf(changed)).toBe("inactive");
  expect(changed.split("\r\n")).toEqual(
    SDP.replace("sendrecv", "inactive")
      .replace("actpass", "passive")
      .replace("o=- 1 1 IN IP4 0.0.0.0", "o=- 5 2 IN IP4 127.0.0.1")
      .split("\r\n"),
  );
});

test("[N6] a description without a direction goes both ways", () => {
  expect(directionOf("v=0\r\n")).toBe("sendrecv");
  expect([directionFor(true, false), directionFor(false, true), directionFor(false, false)]).toEqual(["sendonly", "recvonly", "inactive"]);
});

test("[N6] only loopback candidates are offered", () => {
  expect(withLoopbackOnly(SDP)).toBe(SDP.replace("a=candidate:2 1 udp 2113937151 192.0.2.2 5001 typ host\r\n", ""));
});

test("[N6] G.711 is found in the order of preference, and not in a refused line", () => {
  expect(preferredPayloadType(SDP)).toBe(8);
  expect(telephoneEventOf(SDP)).toBe(126);
  expect(preferredPayloadType(SDP.replace("m=audio 9", "m=audio 0"))).toBeNull();
  expect(preferredPayloadType(SDP.replace("8 0 ", ""))).toBeNull();
});

test("[N6] another ufrag or fingerprint is another transport", () => {
  expect(transportOf(withDirection(SDP, "sendonly"))).toBe(transportOf(SDP));
  expect(transportOf(SDP.replace("abcd", "wxyz"))).not.toBe(transportOf(SDP));
});
