import type { Config } from "../protocol/config.ts";
import type { SignIn } from "../protocol/host.ts";
import { PhoneError } from "./errors.ts";
import type { SipAccount } from "./engine-port.ts";

/**
 * Reads what an agent pastes: a SIP id with or without `sip:` and `@domain`, a proxy with or without scheme, path and
 * port. Throws `account-incomplete`, or `server-not-allowed` where the deployment does not name the proxy.
 */
export function tidyAccount(fields: SignIn, config: Config): SipAccount {
  const [user = "", idDomain = ""] = bare(fields.sipId).split("@");
  const domain = bare(fields.domain) || idDomain;
  const proxy = withPort(bare(fields.proxy).toLowerCase(), config);
  if (user === "" || fields.password === "" || domain === "" || proxy === null) throw new PhoneError("account-incomplete");
  if (!isAllowed(proxy, config)) throw new PhoneError("server-not-allowed");
  const displayName = fields.displayName?.trim() ?? "";
  return { user, password: fields.password, domain: domain.toLowerCase(), proxy, displayName: displayName === "" ? user : displayName };
}

/** Whose an account is, as records say it. */
export function addressOf({ user, domain }: Pick<SipAccount, "user" | "domain">): string {
  return `${user}@${domain}`;
}

/** Without scheme, path and URI parameters. */
function bare(text: string): string {
  return text
    .trim()
    .replace(/^(sips?:|wss?:\/\/|https?:\/\/)/i, "")
    .replace(/[/;?<>\s].*$/, "");
}

function withPort(proxy: string, config: Config): string | null {
  if (!/^[a-z0-9.-]+(:\d{1,5})?$/.test(proxy)) return null;
  if (proxy.includes(":")) return proxy;
  const known = config.sip.presets.find((preset) => preset.proxy.toLowerCase().startsWith(`${proxy}:`));
  return known === undefined ? `${proxy}:${defaultPort(config)}` : known.proxy.toLowerCase();
}

function isAllowed(proxy: string, config: Config): boolean {
  const patterns = [...config.sip.presets.map((preset) => preset.proxy), ...config.sip.allowedProxies];
  return patterns.some((pattern) => {
    const full = pattern.includes(":") ? pattern.toLowerCase() : `${pattern.toLowerCase()}:${defaultPort(config)}`;
    return full.startsWith("*.") ? proxy.endsWith(full.slice(1)) && proxy.length > full.length - 1 : proxy === full;
  });
}

/** What a content security policy means by an address without a port. */
function defaultPort(config: Config): number {
  return config.sip.security === "wss" ? 443 : 80;
}
