import fc from "fast-check";
import { expect, test } from "vitest";
import { answerTo, playedSdp } from "./connection-double.ts";
import { audioDirection, candidatesOf, withActiveSetup, withoutCandidates } from "./sdp.ts";

const DIRECTIONS = ["sendrecv", "sendonly", "recvonly", "inactive"] as const;

test("[E80] the direction is the audio's own, else the session's, else both ways", () => {
  expect(audioDirection("v=0\r\nm=audio 9 RTP/AVP 8\r\n")).toBe("sendrecv");
  expect(audioDirection("v=0\r\na=inactive\r\nm=audio 9 RTP/AVP 8\r\n")).toBe("inactive");
  expect(audioDirection("v=0\na=inactive\nm=audio 9 RTP/AVP 8\na=sendonly\n")).toBe("sendonly");
  expect(audioDirection("v=0\r\nm=video 9 RTP/AVP 96\r\na=inactive\r\nm=audio 9 RTP/AVP 8\r\na=recvonly\r\n")).toBe("recvonly");
});

test("[E80] whatever it is given, a direction comes out", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(DIRECTIONS).toContain(audioDirection(text));
    }),
  );
});

test("[E80] only an open DTLS role is decided, and nothing else is changed", () => {
  expect(withActiveSetup(playedSdp())).toBe(playedSdp("sendrecv", "active"));
  for (const setup of ["active", "passive"]) expect(withActiveSetup(playedSdp("sendrecv", setup))).toBe(playedSdp("sendrecv", setup));
});

test("[E80] the played far end answers as RFC 3264 has it: nobody sends what the other does not take", () => {
  const sends = /^(sendrecv|sendonly)$/;
  const receives = /^(sendrecv|recvonly)$/;
  fc.assert(
    fc.property(fc.constantFrom(...DIRECTIONS), fc.constantFrom(...DIRECTIONS), (offered, wanted) => {
      const answer = answerTo(offered, wanted);
      expect(sends.test(answer)).toBe(receives.test(offered) && sends.test(wanted));
      expect(receives.test(answer)).toBe(sends.test(offered) && receives.test(wanted));
    }),
  );
});

test("[E80] candidates are taken out of a description, each with the place of its section", () => {
  const candidate = (port: number): string => `candidate:${port} 1 UDP 2130706431 192.0.2.7 ${port} typ host`;
  const audio = playedSdp();
  const video = "m=video 9 RTP/SAVPF 96\r\na=inactive\r\n";
  const sdp = `${audio}a=${candidate(1)}\r\na=${candidate(2)}\r\na=end-of-candidates\r\n${video}a=${candidate(3)}\n`;
  expect(withoutCandidates(sdp)).toBe(audio + video);
  expect(candidatesOf(sdp)).toEqual([
    { candidate: candidate(1), sdpMLineIndex: 0 },
    { candidate: candidate(2), sdpMLineIndex: 0 },
    { candidate: candidate(3), sdpMLineIndex: 1 },
  ]);
  expect(candidatesOf(withoutCandidates(sdp))).toEqual([]);
});
