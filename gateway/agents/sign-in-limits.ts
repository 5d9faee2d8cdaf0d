import { createRateLimit, type RateLimit } from "../http/rate-limit.ts";
import type { Db } from "../storage/database.ts";

/**
 * How often somebody may be wrong. Many agents share an office's address, so the address alone bears far more than one name
 * at it; and a name bears more from everywhere than from one address, or anybody could lock its owner out. The rules:
 *
 * - [G110] Who is locked by his own name locks nobody else, and his further tries count for nobody else.
 * - [G111] One password tried with many names from one address, and many passwords for one name from many addresses, both end.
 * - [G112] Tries that come at once are counted before they are looked at.
 */
export interface SignInLimits {
  /**
   * Counts a try as a wrong one, before it is looked at.
   *
   * @param way tokens that a CRM signs wrongly lock no password out.
   * @returns takes it back, where it was right.
   * @throws GatewayError `too-many-requests`.
   */
  take(way: string, address: string, name: string | null): Promise<() => Promise<void>>;
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
    async take(way, address, name) {
      // The narrowest first: what it refuses the others never hear of.
      const counts: readonly (readonly [RateLimit, string])[] = [
        ...(name === null ? [] : ([[nameAtAddress, `${address} ${name}`]] as const)),
        [addresses, `${way} ${address}`],
        ...(name === null ? [] : ([[names, name]] as const)),
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
      return giveBack;
    },
  };
}
