import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  GATEWAY_BODY_BYTES,
  GATEWAY_ERRORS,
  gatewayPayloads,
  type GatewayRequest,
  ORPHAN_GRACE_MS,
  ORPHAN_STATES,
  readGatewayRequest,
} from "./gateway.ts";

const DOCUMENT = readFileSync("docs/gateway-protocol.md", "utf8");
const REQUESTS = Object.keys(gatewayPayloads) as GatewayRequest[];

/** The text below a heading, up to the next of its level or above. */
function section(heading: string): string {
  const [, text = ""] = DOCUMENT.split(`\n${heading}\n`);
  return text.split(/\n#{2,3} /)[0] ?? "";
}
function rows(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = ""]) => name);
}

test("[G30] every request is documented with its address and fields, and the example is accepted", () => {
  expect([...DOCUMENT.matchAll(/^### `(.+)`$/gm)].map(([, name]) => name)).toEqual(REQUESTS);
  for (const request of REQUESTS) {
    const text = section(`### \`${request}\``);
    expect([request, rows(text)]).toEqual([request, Object.keys(gatewayPayloads[request].entries)]);
    expect(text).toContain(`POST {gateway}/calls/{callId}/${request}`);
    const [, example = ""] = /```json\n(.*?)```/s.exec(text) ?? [];
    expect(readGatewayRequest(request, JSON.parse(example).callId, example)).toEqual({ ok: true, payload: JSON.parse(example) });
  }
});

test("[G31] states, errors and limits in the text are those in force", () => {
  expect(rows(section("## Answers"))).toEqual([...ORPHAN_STATES]);
  expect(rows(section("## Refusals"))).toEqual([...GATEWAY_ERRORS]);
  expect(DOCUMENT).toContain(`waits ${ORPHAN_GRACE_MS / 1_000} seconds`);
  expect(section("## Requests")).toContain(`at most ${GATEWAY_BODY_BYTES.toLocaleString("en")} bytes`);
});

const good = { callId: "c1", exotelCallSid: null, epoch: 0, at: 0 };
test.each([
  ["not JSON", "{", null],
  ["nothing", "", null],
  ["no object", "[]", "callId"],
  ["another call than the address says", JSON.stringify({ ...good, callId: "c2" }), "callId"],
  ["an epoch that is no count", JSON.stringify({ ...good, epoch: 1.5 }), "epoch"],
  ["a negative epoch", JSON.stringify({ ...good, epoch: -1 }), "epoch"],
  ["an empty sid", JSON.stringify({ ...good, exotelCallSid: "" }), "exotelCallSid"],
  ["no time", JSON.stringify({ ...good, at: undefined }), "at"],
])("[G32] %s is malformed, and the field is named", (_what, body, field) => {
  expect(readGatewayRequest("orphaned", "c1", body)).toEqual({ ok: false, field });
});

test("[G33] fields that may be added one day are ignored", () => {
  expect(readGatewayRequest("orphaned", "c1", JSON.stringify({ ...good, laptop: "l1" }))).toEqual({
    ok: true,
    payload: { ...good, exotelLegSid: null },
  });
});

test("[G34] whatever comes in, nothing is thrown", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom(...REQUESTS), (body, request) => {
      expect(typeof readGatewayRequest(request, "c1", body).ok).toBe("boolean");
    }),
  );
});
