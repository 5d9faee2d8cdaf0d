import type { HttpReply } from "./router.ts";

/**
 * Answers with the part of `bytes` that a `Range` header asks for (RFC 9110 section 14): 206, 416, or 200 with all of it
 * where there is no header, several ranges or another unit.
 */
export function partOf(bytes: Uint8Array, range: string | undefined, headers: Readonly<Record<string, string>>): HttpReply {
  const size = bytes.byteLength;
  const all = { status: 200, headers: { ...headers, "accept-ranges": "bytes" }, body: bytes };
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === "" && to === "") return all;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) return all;
  if (first >= size || (from === "" && Number(to) === 0)) {
    return { status: 416, headers: { "content-range": `bytes */${size}`, "accept-ranges": "bytes" } };
  }
  return {
    status: 206,
    headers: { ...headers, "accept-ranges": "bytes", "content-range": `bytes ${first}-${last}/${size}` },
    body: bytes.subarray(first, last + 1),
  };
}
