/**
 * What is known about one call, and how reports about it are put together.
 *
 * Exotel, the widget and the CRM report the same call piece by piece, twice, late and in any order. Each report is a
 * record that knows a few fields, each with the weight of its source; `joinRecords` takes the heavier of two values.
 * Joining is commutative, associative and idempotent (a semilattice), so the order and number of reports cannot matter.
 */
export type CallRecord = { readonly [F in CallField]?: Weighted };

interface Weighted {
  readonly weight: number;
  readonly value: CallValue;
}

export type CallValue = string | number | readonly string[] | Readonly<Record<string, string>>;

/** Every field with its rule for two values of the same weight. Times: the earliest; `digits`: all that were pressed. */
const TIES = {
  exotelSid: "smaller",
  direction: "smaller",
  /** As Exotel or the CRM names the agent: `sip:asha`, a telephone number. */
  agentName: "smaller",
  customerNumber: "smaller",
  companyNumber: "smaller",
  /** 0 requested, 1 queued, 2 ringing, 3 in conversation, 4 over; it never goes back. */
  stage: "larger",
  outcome: "smaller",
  createdAt: "smaller",
  ringingAt: "smaller",
  answeredAt: "smaller",
  endedAt: "smaller",
  talkSeconds: "larger",
  recordingUrl: "smaller",
  /** `<when> <digits>`: IVR and Gather report one after the other. */
  digits: "both",
  answeredBy: "smaller",
  amdCause: "smaller",
  disconnectedBy: "smaller",
  leadId: "smaller",
  recordName: "smaller",
  /** The agent wrote, and is done: the log may go out. */
  writtenAt: "smaller",
  notes: "larger",
  fields: "larger",
  followUpAt: "larger",
  followUpText: "larger",
} as const satisfies Readonly<Record<string, "smaller" | "larger" | "both">>;
export type CallField = keyof typeof TIES;

export const STAGE = { requested: 0, queued: 1, ringing: 2, talking: 3, over: 4 } as const;

/** Who knows better: what the bill is made from weighs most. */
export const WEIGHT = { request: 1, popup: 2, widget: 3, passthru: 4, status: 5 } as const;

const FIELDS = Object.keys(TIES).filter((name): name is CallField => Object.hasOwn(TIES, name));

/** @param values fields that this source does not know are absent or null. */
export function recordOf(weight: number, values: { readonly [F in CallField]?: CallValue | null | undefined }): CallRecord {
  const record: { [F in CallField]?: Weighted } = {};
  for (const field of FIELDS) {
    const value = values[field];
    // The stage is a fact whoever saw it; the others are one source's word.
    if (value !== undefined && value !== null) record[field] = { weight: field === "stage" ? 0 : weight, value: asSet(value) };
  }
  return record;
}

export function joinRecords(a: CallRecord, b: CallRecord): CallRecord {
  const joined: { [F in CallField]?: Weighted } = {};
  for (const field of FIELDS) {
    const value = heavier(field, a[field], b[field]);
    if (value) joined[field] = value;
  }
  return joined;
}

function heavier(field: CallField, a: Weighted | undefined, b: Weighted | undefined): Weighted | undefined {
  if (!a || !b) return a ?? b;
  const tie = TIES[field];
  if (tie === "both") return { weight: Math.max(a.weight, b.weight), value: union(a.value, b.value) };
  if (a.weight !== b.weight) return a.weight > b.weight ? a : b;
  return compare(a.value, b.value) < 0 === (tie === "smaller") ? a : b;
}

function asSet(value: CallValue): CallValue {
  return Array.isArray(value) ? union(value, []) : value;
}

function union(a: CallValue, b: CallValue): readonly string[] {
  const list = (value: CallValue): readonly string[] => (Array.isArray(value) ? value : []);
  return [...new Set([...list(a), ...list(b)])].toSorted();
}

/** A total order: numbers by size, everything else by its JSON with sorted keys. */
function compare(a: CallValue, b: CallValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [stable(a), stable(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function stable(value: CallValue): string {
  if (typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
