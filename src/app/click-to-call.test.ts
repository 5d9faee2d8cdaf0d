import { expect, test } from "vitest";
import { createClickToCall } from "./click-to-call.ts";

const answering = (body: string, status = 200) => {
  const sent: { url: string; init: RequestInit }[] = [];
  const send = async (url: string | URL | Request, init: RequestInit = {}) => {
    sent.push({ url: String(url), init });
    return new Response(body, { status });
  };
  return { sent, calls: createClickToCall("/api/dial", send) };
};

test("[P95] number and call id go out as JSON, with cookies for this origin only", async () => {
  const { sent, calls } = answering("{}");
  await calls.placeCall("+918000000012", "call-1");
  expect(sent[0]?.url).toBe("/api/dial");
  expect(sent[0]?.init).toMatchObject({ method: "POST", credentials: "same-origin" });
  expect(JSON.parse(String(sent[0]?.init.body))).toEqual({ number: "+918000000012", callId: "call-1" });
});

test.each([
  ['{"exotelCallSid":"s1"}', "s1"],
  ['{"Sid":"s1"}', "s1"],
  ['{"callSid":"s1"}', "s1"],
  ['{"Call":{"Sid":"s1","Status":"in-progress"}}', "s1"],
  ['{"data":{"call_sid":"s1"}}', "s1"],
  ['{"Sid":7}', null],
  ["[]", null],
  ["", null],
  ["<TwilioResponse/>", null],
  ['{"data":{"data":{"data":{"Sid":"deep"}}}}', null],
])("[P95] the answer %s names the call %s", async (body, exotelCallSid) => {
  expect(await answering(body).calls.placeCall("+918000000012", "call-1")).toEqual({ exotelCallSid });
});

test("[P96] a refusal and a silent server are both a failed dial", async () => {
  await expect(answering("{}", 500).calls.placeCall("1", "2")).rejects.toMatchObject({ code: "dial-failed" });
  const dead = createClickToCall("/api/dial", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(dead.placeCall("1", "2")).rejects.toMatchObject({ code: "dial-failed" });
});
