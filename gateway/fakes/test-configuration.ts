import { readConfiguration, type Configuration } from "../config/read-config.ts";

/** Values that must never turn up anywhere but where they belong: tests search for them. */
export const CANARIES = {
  GATEWAY_ENCRYPTION_KEY: "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTAwMDE=",
  GATEWAY_ADMIN_TOKEN: "canary-admin-token-0002",
  EXOTEL_CALLBACK_PASSWORD: "canary-callback-password-0003",
  EXOTEL_API_KEY: "sandbox-api-key",
  EXOTEL_API_TOKEN: "sandbox-api-token",
  SIGN_IN_SECRET: "canary-sign-in-secret-which-is-long-0004",
  LEADSQUARED_INBOUND_TOKEN: "canary-leadsquared-inbound-0005",
  LEADSQUARED_ORG_KEY: "canaryorgkey0006",
  LEADSQUARED_API_KEY: "canary-lsq-api-key-0007",
  LEADSQUARED_ACCESS_KEY: "canary-lsq-access-0008",
  LEADSQUARED_SECRET_KEY: "canary-lsq-secret-0009",
} as const;

/** A complete configuration; `changes` replaces whole top-level keys of `gateway.json`. */
export function testConfiguration(changes: Readonly<Record<string, unknown>> = {}): Configuration {
  return readConfiguration({ ...TEST_CONFIG, ...changes }, CANARIES);
}

export const TEST_CONFIG = {
  publicUrl: "https://phone.example.com",
  signIn: { token: { issuer: "crm.example.com", audience: "phone.example.com", algorithm: "HS256" } },
  exotel: { api: "https://api.exotel.example", account: "sandbox1", callerIds: ["08047112233", "08047112244"], patience: 1 },
  leadsquared: { telephony: "https://telephony.lsq.example", api: "https://api.lsq.example", connectorId: "connector-1" },
} as const;
