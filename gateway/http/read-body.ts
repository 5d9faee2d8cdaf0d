import type { Context } from "hono";
import * as v from "valibot";
import { GatewayError } from "../errors.ts";
import { cleanValue } from "./clean-text.ts";

/** @throws GatewayError `invalid-request` that names the first key that is wrong, never its value. */
export async function readBody<T>(context: Context, schema: v.GenericSchema<unknown, T>): Promise<T> {
  const value: unknown = await context.req.json().catch(() => {
    throw new GatewayError("invalid-request", "the body is not JSON");
  });
  return readValue(value, schema);
}

export function readValue<T>(value: unknown, schema: v.GenericSchema<unknown, T>): T {
  const result = v.safeParse(schema, cleanValue(value));
  if (result.success) return result.output;
  const key = v.getDotPath(result.issues[0]);
  throw new GatewayError("invalid-request", key === null ? "the body is not what this request takes" : `${key} is missing or wrong`);
}
