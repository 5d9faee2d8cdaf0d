import type { Context } from "hono";
import { GatewayError } from "../errors.ts";
import { cleanText } from "../http/clean-text.ts";
import type { CallbackValues } from "./read-callback.ts";

const MOST_VALUES = 300;

/** The query and the body of a callback as one flat map: query, form, multipart form or JSON, as Exotel is told to send. */
export async function callbackValues(context: Context): Promise<CallbackValues> {
  const values = new Map<string, string>(new URL(context.req.url).searchParams);
  if (context.req.method === "POST") {
    const type = context.req.header("content-type") ?? "";
    if (type.startsWith("application/json")) flatten(await json(context), "", values);
    else for (const [name, value] of await form(context)) if (typeof value === "string") values.set(name, value);
  }
  // Passthru may carry its legs as one JSON text.
  const legs = values.get("Legs");
  if (legs !== undefined) flatten(parsed(legs), "Legs", values);
  return new Map([...values].map(([name, value]) => [name, cleanText(value)]));
}

async function json(context: Context): Promise<unknown> {
  return context.req.json().catch(() => {
    throw new GatewayError("invalid-request", "the body is not JSON");
  });
}

async function form(context: Context): Promise<FormData> {
  return context.req.formData().catch(() => {
    throw new GatewayError("invalid-request", "the body is not a form");
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `{ Legs: [{ Status }] }` becomes `Legs[0][Status]`. */
function flatten(value: unknown, prefix: string, into: Map<string, string>): void {
  if (into.size > MOST_VALUES || prefix.split("[").length > 4) return;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    if (prefix !== "") into.set(prefix, String(value));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, prefix === "" ? key : `${prefix}[${key}]`, into);
  }
}
