import fc from "fast-check";
import { UserAgent } from "sip.js";
import { expect, test } from "vitest";
import { addressOfRecord } from "./user-agent.ts";

const part = fc.oneof(fc.stringMatching(/^[\w.+-]{1,12}$/), fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/), fc.string({ maxLength: 12 }));

test("[E83] an address of plain words is read as sip.js's own parser reads it", () => {
  fc.assert(
    fc.property(part, part, (user, domain) => {
      const [quick, parsed] = [addressOfRecord({ user, domain }), UserAgent.makeURI(`sip:${user}@${domain}`)];
      expect(quick?.toString()).toBe(parsed?.toString());
      expect([quick?.user, quick?.host, quick?.port]).toEqual([parsed?.user, parsed?.host, parsed?.port]);
      expect(quick?.toRaw()).toBe(parsed?.toRaw());
    }),
    { numRuns: 2_000 },
  );
});
