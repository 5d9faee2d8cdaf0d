import type { Challenge, Challenges } from "../engines/sipjs/challenge.ts";
import type { Drawer } from "./database.ts";

const KEY = "sip-challenge";

/** One is kept: that of the agent who was registered last. Without storage each page waits for a challenge of its own. */
export async function loadChallenges(records: Drawer): Promise<Challenges> {
  let kept = read(await records.get(KEY).catch(() => null));
  return {
    find: (addressOfRecord) => (kept?.addressOfRecord === addressOfRecord ? kept.challenge : null),
    remember(addressOfRecord, challenge) {
      kept = { addressOfRecord, challenge };
      records.put(KEY, kept, { isQuick: true }).catch(() => undefined);
    },
  };
}

interface Kept {
  readonly addressOfRecord: string;
  readonly challenge: Challenge;
}

function read(value: unknown): Kept | null {
  if (typeof value !== "object" || value === null) return null;
  const { addressOfRecord, challenge }: Partial<Record<keyof Kept, unknown>> = value;
  if (typeof addressOfRecord !== "string" || typeof challenge !== "object" || challenge === null) return null;
  const { realm, nonce, opaque, qop, count }: Partial<Record<keyof Challenge, unknown>> = challenge;
  if (!isText(realm) || !isText(nonce) || !isTextOrNull(opaque) || !isTextOrNull(qop)) return null;
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) return null;
  return { addressOfRecord, challenge: { realm, nonce, opaque, qop, count } };
}

/** Nothing that would end the quotes it is written between. */
const isText = (value: unknown): value is string => typeof value === "string" && /^[^"\\\p{Cc}]{1,1000}$/u.test(value);
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
