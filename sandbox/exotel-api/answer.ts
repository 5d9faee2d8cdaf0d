import type { HttpReply } from "../http/router.ts";

type Fields = readonly (readonly [string, string | number | null])[];

/** XML by default; JSON where the address ends in `.json` (the vendor's rule for every version 1 call). */
export type Format = "xml" | "json";

/** `<TwilioResponse><Call>…`: the vendor kept the name of its model. */
export function callAnswer(fields: Fields, format: Format): HttpReply {
  return answer(200, "Call", fields, format);
}

/** `RestException` with the HTTP status again inside it. */
export function failure(status: number, message: string, format: Format): HttpReply {
  const reply = answer(
    status,
    "RestException",
    [
      ["Status", status],
      ["Message", message],
    ],
    format,
  );
  return status === 401 ? { ...reply, headers: { ...reply.headers, "www-authenticate": 'Basic realm="Exotel"' } } : reply;
}

function answer(status: number, name: string, fields: Fields, format: Format): HttpReply {
  if (format === "json") {
    return { status, headers: { "content-type": "application/json" }, body: JSON.stringify({ [name]: Object.fromEntries(fields) }) };
  }
  const inner = fields.map(([tag, value]) => (value === null ? `<${tag}/>` : `<${tag}>${escaped(String(value))}</${tag}>`)).join("");
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?><TwilioResponse><${name}>${inner}</${name}></TwilioResponse>`,
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
