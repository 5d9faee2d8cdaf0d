import { createRateLimit, type RateLimit } from "../http/rate-limit.ts";
import type { Db } from "../storage/database.ts";

/**
 * How often somebody may be wrong. Many agents share an office's address, so the address alone bears far more than one name
 * at it; and a name bears more from everywhere than from one address, or anybody could lock its owner out. The rules:
 *
 * - [G110] Who is locked by his own name locks nobody else, and his further tries count for nobody else.
 * - [G111] One password tried with many names from one address, and many passwords for one name from many addresses, both end.
 * - [G112] Passwords that come at once are counted before they are looked at. Tokens and invitations cannot be guessed, and a
 *   CRM may sign a whole office in at once: those are counted when they were wrong.
 */
export interface SignInLimits {
  /**
   * @param way tokens that a CRM signs wrongly lock no password out.
   * @throws GatewayError `too-many-requests`.
   */
  begin(way: string, address: string, name: string | null): Promise<SignInTry>;
}

/** One of the two has to be said. */
interface SignInTry {
  right(): Promise<void>;
  /** @throws GatewayError `too-many-requests`. */
  wrong(): Promise<void>;
}

const WINDOW_MS = 5 * 60_000;
const NAME_AT_ADDRESS = 10;
const NAME = 50;
const ADDRESS = 100;

export function createSignInLimits(db: Db, now: () => number): SignInLimits {
  const limitOf = (name: string, limit: number): RateLimit => createRateLimit({ db, name, limit, windowMs: WINDOW_MS, now });
  const nameAtAddress = limitOf("sign-in name at address", NAME_AT_ADDRESS);
  const names = limitOf("sign-in name", NAME);
  const addresses = limitOf("sign-in address", ADDRESS);
  return {
    async begin(way, address, name) {
      const atAddress = `${way} ${address}`;
      if (name === null) {
        await addresses.check(atAddress);
        return { right: () => Promise.resolve(), wrong: () => addresses.take(atAddress) };
      }
      // The narrowest first: what it refuses the others never hear of.
      const counts: readonly (readonly [RateLimit, string])[] = [
        [nameAtAddress, `${address} ${name}`],
        [addresses, atAddress],
        [names, name],
      ];
      const taken: (readonly [RateLimit, string])[] = [];
      const giveBack = async (): Promise<void> => {
        for (const [limit, key] of taken) await limit.giveBack(key);
      };
      for (const [limit, key] of counts) {
        try {
          await limit.take(key);
        } catch (error) {
          await giveBack();
          throw error;
        }
        taken.push([limit, key]);
      }
      return { right: giveBack, wrong: () => Promise.resolve() };
    },
  };
}
