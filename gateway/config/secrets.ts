import * as v from "valibot";

/**
 * What only the environment may hold. An empty variable counts as absent.
 * Every variable is documented in `docs/operate.md`; a test compares the two.
 */
const secret = (min: number) => v.pipe(v.string(), v.minLength(min, `at least ${min} characters`), v.maxLength(4_000));

export const secretsSchema = v.object({
  DATABASE_URL: v.optional(v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//, "an address such as postgres://user@host/database"))),
  /** 32 bytes, base64: SIP passwords are stored under it. */
  GATEWAY_ENCRYPTION_KEY: v.pipe(
    v.string(),
    v.check((key) => Buffer.from(key, "base64").byteLength === 32, "32 bytes in base64; make one with: openssl rand -base64 32"),
  ),
  /** For administrators' requests, as a bearer token. */
  GATEWAY_ADMIN_TOKEN: secret(20),
  /** What Exotel's call flow shows us, as the password of Basic authentication. */
  EXOTEL_CALLBACK_PASSWORD: secret(16),
  EXOTEL_API_KEY: secret(1),
  EXOTEL_API_TOKEN: secret(1),
  /** Shared with the CRM's server for HS256. */
  SIGN_IN_SECRET: v.optional(secret(32)),
  /** What LeadSquared shows us in the header `Authorization: Bearer …` of click-to-call and disposition. */
  LEADSQUARED_INBOUND_TOKEN: v.optional(secret(16)),
  LEADSQUARED_ORG_KEY: v.optional(secret(1)),
  LEADSQUARED_API_KEY: v.optional(secret(1)),
  LEADSQUARED_ACCESS_KEY: v.optional(secret(1)),
  LEADSQUARED_SECRET_KEY: v.optional(secret(1)),
  /** Given: `/metrics` wants it as a bearer token. */
  METRICS_TOKEN: v.optional(secret(16)),
});

export type Secrets = v.InferOutput<typeof secretsSchema>;

/** The variables that carry a secret, for tests and for the log's redaction. */
export const SECRET_NAMES = Object.keys(secretsSchema.entries);
