import type { Config } from "./config.ts";

/** Name of the one Trusted Types policy that the page may create (`app/script-policy.ts`). */
export const SCRIPT_POLICY = "softphone";

/**
 * Response headers for the widget's page, derived from the configuration alone, so that allowed origins and socket
 * addresses are written once. `frame-ancestors` cannot be a meta tag, so a static host must send these itself
 * (`npm run headers` prints them).
 *
 * @returns header name (lower case) to value.
 */
export function responseHeaders(config: Config): Record<string, string> {
  const ancestors = config.host.allowedOrigins.length > 0 ? config.host.allowedOrigins.join(" ") : "'none'";
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    // `data:` is the empty icon that the page begins with.
    `img-src ${["'self'", "data:", ...originOf(config.brand.logo)].join(" ")}`,
    "font-src 'self'",
    // A recording that had to be fetched with a token is played out of memory.
    `media-src 'self'${config.gateway?.signIn === true ? " blob:" : ""}`,
    `connect-src ${["'self'", ...connectSources(config)].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors}`,
    "require-trusted-types-for 'script'",
    `trusted-types ${SCRIPT_POLICY}`,
  ];
  return {
    "content-security-policy": policy.join("; "),
    "permissions-policy": "camera=(), geolocation=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

function connectSources(config: Config): string[] {
  const sockets = [...config.sip.presets.map((preset) => preset.proxy), ...config.sip.allowedProxies].map(
    (proxy) => `${config.sip.security}://${proxy}`,
  );
  const servers = [config.sip.iceServersUrl, config.dialing.url, config.gateway?.url].flatMap(originOf);
  return [...new Set([...sockets, ...servers])];
}

/** A path is on the phone's own origin, which is allowed anyway. */
function originOf(url: string | undefined): string[] {
  return /^https?:\/\/[\w.:-]+/i.exec(url ?? "")?.slice(0, 1) ?? [];
}
