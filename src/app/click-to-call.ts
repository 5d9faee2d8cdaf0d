import { PhoneError } from "../core/errors.ts";
import type { ClickToCall } from "../core/ports.ts";

const TIMEOUT_MS = 15_000;

/**
 * Posts `{ number, callId }` as JSON to the deployment's URL, with cookies where it is on this origin. The answer may
 * be any of the usual ones: `{ exotelCallSid }`, `{ Sid }`, Exotel's own `{ Call: { Sid } }`, or nothing.
 */
export function createClickToCall(url: string, send: typeof fetch): ClickToCall {
  return {
    async placeCall(number, callId) {
      try {
        const response = await send(url, {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json" },
          credentials: "same-origin",
          body: JSON.stringify({ number, callId }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (!response.ok) throw new Error(`the click-to-call URL answered ${response.status}`);
        return { exotelCallSid: readCallSid(await response.text()) };
      } catch (error) {
        throw new PhoneError("dial-failed", error);
      }
    },
  };
}

const NAMES = ["exotelCallSid", "callSid", "CallSid", "call_sid", "sid", "Sid"];
const WRAPPERS = ["Call", "call", "data", "response"];

/** The call is placed once the server said 2xx, whatever it wrote; without an id the leg is known by its number. */
function readCallSid(body: string): string | null {
  try {
    return findCallSid(JSON.parse(body), 2);
  } catch {
    return null;
  }
}

function findCallSid(value: unknown, depth: number): string | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of NAMES) {
    const sid = fields.get(name);
    if (typeof sid === "string" && sid !== "") return sid.slice(0, 200);
  }
  if (depth === 0) return null;
  for (const name of WRAPPERS) {
    const sid = findCallSid(fields.get(name), depth - 1);
    if (sid) return sid;
  }
  return null;
}
