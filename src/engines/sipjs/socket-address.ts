import type { Config } from "../../protocol/config.ts";

/** Where an account's SIP server listens for WebSockets. `proxy` is a host with or without a port. */
export function socketAddress({ security, endpoint }: Pick<Config["sip"], "security" | "endpoint">, proxy: string): string {
  return `${security}://${proxy}/${endpoint}`;
}

/** RFC 7118 section 4.1. */
export const SUBPROTOCOL = "sip";
