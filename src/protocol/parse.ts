import * as v from "valibot";
import {
  answerPayloads,
  commandPayloads,
  connectPayload,
  failedPayload,
  PROTOCOL_VERSION,
  type CommandType,
  type Envelope,
  type FailureCode,
  type HostCommand,
  type HostRequests,
  type HostRequestType,
  type RefusalCode,
} from "./host.ts";

/** Where unknown becomes a message of the host protocol, or the reason why it is none. Nothing here throws, whatever comes in. */

/** What one message may weigh: characters of all its keys and strings, values in it, and how deep they nest. */
export const MESSAGE_LIMITS = { characters: 65_536, values: 2_000, depth: 10 } as const;
const ID_LENGTH = 100;
const TYPE_LENGTH = 60;
/** Assigning or merging one of these could reach a prototype. */
const FORBIDDEN_KEYS: readonly string[] = ["__proto__", "constructor", "prototype"];

/** Why a message was turned away; `field` is the path of the first value that did not fit, never the value itself. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly field: string | null;
}
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refusal;

/** `ours`: it was marked as a message of this protocol. `id`: for the answer, where it could be read. */
export type ReadMessage =
  | { readonly ok: true; readonly message: Envelope }
  | (Refusal & { readonly ours: boolean; readonly id: string | null });

/** Reads the envelope from a copy: what is looked at later cannot change or run code. */
export function readMessage(data: unknown): ReadMessage {
  let ours = false;
  let id: string | null = null;
  try {
    if (typeof data !== "object" || data === null || !Object.hasOwn(data, "softphone")) return { ...refusal("malformed"), ours, id };
    ours = true;
    const raw = data as Readonly<Record<string, unknown>>;
    id = readId(raw["id"]);
    if (raw["softphone"] !== PROTOCOL_VERSION) return { ...refusal("unsupported-version", "softphone"), ours, id };
    const copied = copyPlain(raw);
    if (!copied.ok) return { ...copied, ours, id };
    const copy = copied.value as Readonly<Record<string, unknown>>;
    const type = copy["type"];
    if (id === null) return { ...refusal("malformed", "id"), ours, id };
    if (typeof type !== "string" || type === "" || type.length > TYPE_LENGTH) return { ...refusal("malformed", "type"), ours, id };
    return { ok: true, message: { softphone: PROTOCOL_VERSION, id, type, payload: copy["payload"] } };
  } catch {
    return { ...refusal("malformed"), ours, id };
  }
}

export function parseCommand(message: Envelope): Parsed<HostCommand> {
  if (!Object.hasOwn(commandPayloads, message.type)) return refusal("unknown-type", "type");
  const type = message.type as CommandType;
  const payload = parse(commandPayloads[type], message.payload);
  return payload.ok ? { ok: true, value: { type, payload: payload.value } as HostCommand } : payload;
}

export function parseConnect(message: Envelope): Parsed<{ readonly capabilities: readonly HostRequestType[] }> {
  const payload = parse(connectPayload, message.payload);
  if (!payload.ok) return payload;
  const known = payload.value.capabilities.filter((name): name is HostRequestType => Object.hasOwn(answerPayloads, name));
  return { ok: true, value: { capabilities: known } };
}

export function parseAnswer<T extends HostRequestType>(type: T, payload: unknown): Parsed<HostRequests[T]["answer"]> {
  return parse(answerPayloads[type] as v.GenericSchema<unknown, HostRequests[T]["answer"]>, payload);
}

export function parseFailed(payload: unknown): Parsed<{ readonly code: FailureCode }> {
  return parse(failedPayload, payload);
}

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown): Parsed<T> {
  const result = v.safeParse(schema, value);
  if (result.success) return { ok: true, value: result.output };
  return refusal("malformed", ["payload", v.getDotPath(result.issues[0])].filter(Boolean).join("."));
}

function refusal(code: RefusalCode, field: string | null = null): Refusal {
  return { ok: false, code, field };
}

function readId(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= ID_LENGTH ? value : null;
}

/** Copies plain data within the limits. Maps, blobs, functions and forbidden keys are malformed; so is a cycle, by its depth. */
function copyPlain(root: unknown): Parsed<unknown> {
  let characters = 0;
  let values = 0;
  const copy = (value: unknown, depth: number): unknown => {
    values += 1;
    if (typeof value === "string") characters += value.length;
    if (values > MESSAGE_LIMITS.values || characters > MESSAGE_LIMITS.characters) throw new Turned("too-large");
    if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
    if (value === null || value === undefined) return value;
    if (typeof value !== "object" || depth >= MESSAGE_LIMITS.depth) throw new Turned("malformed");
    if (Array.isArray(value)) {
      if (value.length > MESSAGE_LIMITS.values) throw new Turned("too-large");
      return Array.from(value, (item: unknown) => copy(item, depth + 1));
    }
    if (Object.prototype.toString.call(value) !== "[object Object]") throw new Turned("malformed");
    const result: Record<string, unknown> = {};
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      if (FORBIDDEN_KEYS.includes(key)) throw new Turned("malformed");
      characters += key.length;
      result[key] = copy((value as Readonly<Record<string, unknown>>)[key], depth + 1);
    }
    return result;
  };
  try {
    return { ok: true, value: copy(root, 0) };
  } catch (error) {
    return refusal(error instanceof Turned ? error.code : "malformed");
  }
}

class Turned extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
  }
}
