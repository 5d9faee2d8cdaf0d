import { importSPKI, jwtVerify, errors } from "jose";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";
import type { Db } from "../storage/database.ts";

/** Checks a JWT (RFC 7519) of the CRM's own server and uses it up. Resolves to the CRM's user (`sub`). */
export type TakeCrmToken = (token: string) => Promise<string>;

type TokenConfig = NonNullable<GatewayConfig["signIn"]["token"]>;

/** How far the CRM's clock may be from ours, seconds. */
const CLOCK_TOLERANCE = 5;

/**
 * One algorithm, issuer and audience; a short life; `jti` once. @param secret for HS256.
 *
 * @throws GatewayError `wrong-credentials`, with the reason but nothing of the token.
 */
export async function createTakeCrmToken(db: Db, config: TokenConfig, secret: string | null, now: () => number): Promise<TakeCrmToken> {
  const key =
    config.algorithm === "HS256" ? new TextEncoder().encode(secret ?? "") : await importSPKI(config.publicKey ?? "", config.algorithm);
  return async (token) => {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [config.algorithm],
      issuer: config.issuer,
      audience: config.audience,
      requiredClaims: ["exp", "iat", "jti", "sub"],
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(now()),
    }).catch((error: unknown) => {
      throw refused(error instanceof errors.JOSEError ? error.code : "unreadable");
    });
    const { exp = 0, iat = 0, jti = "", sub = "" } = payload;
    if (exp - iat > config.longestLife) throw refused("it lives too long");
    if (jti === "" || jti.length > 200 || sub === "") throw refused("jti or sub is empty");
    const taken = await db
      .insertInto("used_tokens")
      .values({ jti: `${config.issuer} ${jti}`, expires_at: (exp + CLOCK_TOLERANCE) * 1_000 })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (taken.numInsertedOrUpdatedRows !== 1n) throw refused("it was used before");
    return sub;
  };
}

function refused(why: string): GatewayError {
  return new GatewayError("wrong-credentials", `the token is refused: ${why}`);
}
