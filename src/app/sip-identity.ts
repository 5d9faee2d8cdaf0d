import type { SipIdentity } from "../engines/sipjs/options.ts";
import type { Drawer } from "./database.ts";

const KEY = "sip-identity";

/**
 * The contact under which this browser partition registers, the same after every reload and in every tab, so that one
 * binding stays at the registrar. Without storage: a new one for each page.
 */
export async function loadSipIdentity(records: Drawer): Promise<SipIdentity> {
  const kept = readIdentity(await records.get(KEY).catch(() => null));
  if (kept !== null) return kept;
  const made = createSipIdentity();
  await records.put(KEY, made).catch(() => undefined);
  return made;
}

export function createSipIdentity(): SipIdentity {
  const word = (bytes: number): string => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(36)).join("");
  return { contactName: `p${word(6)}`, viaHost: `p${word(8)}.invalid`, instanceId: crypto.randomUUID() };
}

function readIdentity(value: unknown): SipIdentity | null {
  if (typeof value !== "object" || value === null) return null;
  const { contactName, viaHost, instanceId }: Partial<Record<keyof SipIdentity, unknown>> = value;
  if (typeof contactName !== "string" || !/^[a-z0-9]{4,40}$/.test(contactName)) return null;
  if (typeof viaHost !== "string" || !/^[a-z0-9]{4,40}\.invalid$/.test(viaHost)) return null;
  if (typeof instanceId !== "string" || !/^[0-9a-f-]{36}$/.test(instanceId)) return null;
  return { contactName, viaHost, instanceId };
}
