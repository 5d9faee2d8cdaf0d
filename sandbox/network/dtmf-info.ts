/** The key in the body of a SIP INFO (`application/dtmf-relay`, or `application/dtmf` with the bare key); `null` for another body. */
export function keyOfInfo(contentType: string, body: string): string | null {
  const type = contentType.split(";")[0]?.trim().toLowerCase();
  if (type === "application/dtmf") return /^\s*([0-9A-D*#])\s*$/i.exec(body)?.[1]?.toUpperCase() ?? null;
  if (type !== "application/dtmf-relay") return null;
  return /^\s*Signal\s*=\s*([0-9A-D*#])\s*$/im.exec(body)?.[1]?.toUpperCase() ?? null;
}

export function infoOfKey(key: string): { contentDisposition: string; contentType: string; content: string } {
  return { contentDisposition: "render", contentType: "application/dtmf-relay", content: `Signal=${key}\r\nDuration=240\r\n` };
}
