import { readConfig, type Config } from "../src/protocol/config.ts";
import type { Addresses } from "./addresses.ts";
import { account } from "./exotel-api/account.ts";

/** What the phone of the sandbox is configured with until somebody changes it: one preset, one CRM that may embed it. */
export function sandboxConfig(addresses: Addresses): Config {
  const result = readConfig({
    brand: { name: "Softphone" },
    sip: {
      // Which engine the phone takes: `exotel` unless the environment says `sipjs`.
      engine: process.env["SIP_ENGINE"] ?? "exotel",
      security: "ws",
      endpoint: "wss",
      presets: [{ id: "sandbox", label: "Sandbox", domain: account.voipDomain, proxy: addresses.sipProxy }],
    },
    host: { allowedOrigins: [addresses.crm] },
    dialing: { via: "host", country: "IN" },
    gateway: { url: "/gateway" },
    wrapUp: {
      seconds: 60,
      followUp: true,
      fields: [
        {
          id: "outcome",
          label: "Outcome",
          kind: "choice",
          required: true,
          options: [
            { value: "interested", label: "Interested" },
            { value: "callback", label: "Call back" },
            { value: "not-now", label: "Not now" },
            { value: "wrong-number", label: "Wrong number" },
          ],
        },
        {
          id: "product",
          label: "Product",
          kind: "list",
          options: [
            { value: "starter", label: "Starter" },
            { value: "team", label: "Team" },
            { value: "enterprise", label: "Enterprise" },
          ],
        },
      ],
    },
  });
  if (!result.ok) throw new Error(`the sandbox's own configuration is wrong: ${result.problems.join("; ")}`);
  return result.config;
}
