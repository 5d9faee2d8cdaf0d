import type { Core } from "sip.js";

/** A session description as a message body. */
export function sessionBody(content: string): Core.Body {
  return { contentDisposition: "session", contentType: "application/sdp", content };
}
