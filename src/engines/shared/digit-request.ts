/** One key as SIP INFO `application/dtmf-relay`, 240 ms: what Exotel's exchange understands. In sip.js's words. */
export function digitRequest(digit: string) {
  const content = `Signal=${digit}\r\nDuration=240`;
  return { requestOptions: { body: { contentDisposition: "render", contentType: "application/dtmf-relay", content } } };
}
