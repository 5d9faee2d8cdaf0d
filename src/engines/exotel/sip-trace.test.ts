import fc from "fast-check";
import { expect, test } from "vitest";
import { readInvitation } from "../shared/invitation.ts";
import { readTrace } from "./sip-trace.ts";

const line = (mark: string, message: string) => `sipjsphone: sipPhoneLogger:log sipjslog: sip.Transport: ${mark}:\n\n${message}\n`;

test("[E50] a request and a response are read from the SDK's log, whoever sent them", () => {
  const cancel = readTrace(
    line(
      "Received WebSocket text message",
      'CANCEL sip:a SIP/2.0\r\nCall-ID: c1\r\nCSeq: 7 CANCEL\r\nreason: SIP;cause=200;text="x"\r\n\r\n',
    ),
  );
  expect(cancel).toMatchObject({ direction: "in", method: "CANCEL", status: null, callId: "c1", cseqMethod: "CANCEL" });
  expect(cancel?.header("Reason")).toBe('SIP;cause=200;text="x"');
  const refusal = readTrace(line("Sending WebSocket message", "SIP/2.0 480 4001\r\nCSeq: 1 INVITE\r\ni: c2\r\n\r\n"));
  expect(refusal).toMatchObject({ direction: "out", method: null, status: 480, callId: "c2", cseqMethod: "INVITE" });
  expect(readTrace(line("Received WebSocket binary message", "SIP/2.0 200 OK\r\nCSeq: 2 REGISTER\r\n\r\n"))).toMatchObject({
    direction: "in",
    status: 200,
  });
});

test("[E50] a header is not read from the body, and nothing else in the log is a message", () => {
  const info = readTrace(line("Sending WebSocket message", "INFO sip:a SIP/2.0\r\nCSeq: 2 INFO\r\n\r\nCall-ID: from-the-body\r\n"));
  expect(info?.callId).toBe("");
  for (const other of [
    "ExWebClient: initWebrtc",
    "",
    null,
    7,
    { a: 1 },
    line("Sending WebSocket message", "nonsense"),
    "Sending WebSocket message:",
  ]) {
    expect(readTrace(other)).toBeNull();
  }
});

test("[E50] no text makes the reading throw", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom("\r\n", "INVITE sip:a SIP/2.0", "SIP/2.0 200 OK", "Call-ID:", "From: <sip:", '"', "%", "CSeq: 1 X"),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      const trace = readTrace(line("Received WebSocket text message", words.join("")));
      const invitation = readInvitation("leg", (name) => trace?.header(name));
      expect(invitation.leg).toBe("leg");
    }),
  );
});

test.each([
  ['"Asha \\"A\\" Rao" <sip:+918000000001@pbx>;tag=1', "+918000000001", 'Asha "A" Rao'],
  ["Asha <sip:08000000001@pbx>", "08000000001", "Asha"],
  ["<sip:%2B918000000001@pbx:5060;user=phone>", "+918000000001", null],
  ["sip:anonymous@anonymous.invalid;tag=2", "anonymous", null],
  ['"+91 80000 00001" <sip:trunk@pbx>', "+918000000001", null],
  ['"<img src=x onerror=alert(1)>" <sip:5@pbx>', "5", "<img src=x onerror=alert(1)>"],
  ["tel:+918000000001", "+918000000001", null],
  ["<sip:%zz@pbx>", "%zz", null],
  ["", "", null],
])("[E51] From %s is %s, called %s", (from, number, name) => {
  expect(readInvitation("leg", (header) => (header === "From" ? from : null))).toMatchObject({ number, name });
});

test("[E51] the called number is known where a proxy tells it", () => {
  const read = (headers: Record<string, string>) => readInvitation("leg", (name) => headers[name]).localNumber;
  expect(read({ "P-Called-Party-ID": "<sip:+918000000099@pbx>" })).toBe("+918000000099");
  expect(read({ Diversion: "<sip:08000000099@pbx>;reason=unconditional" })).toBe("08000000099");
  expect(read({ Diversion: "<sip:queue@pbx>" })).toBeNull();
});
