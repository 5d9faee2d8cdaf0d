/**
 * Whether `origin`, as the browser reports it, fits one of the deployment's patterns: `https://crm.example.com` exactly, or
 * `https://*.example.com` for every name below (not `example.com` itself), as `frame-ancestors` reads them. Scheme and
 * port always count.
 */
export function isAllowedOrigin(origin: string, patterns: readonly string[]): boolean {
  const asked = parseOrigin(origin);
  if (asked === null || asked.origin !== origin) return false;
  return patterns.some((pattern) => {
    const [scheme = "", rest = ""] = pattern.split("://", 2);
    const wanted = parseOrigin(`${scheme}://${rest.replace(/^\*\./, "")}`);
    if (wanted === null || wanted.protocol !== asked.protocol || wanted.port !== asked.port) return false;
    return rest.startsWith("*.")
      ? !asked.hostname.startsWith(".") && asked.hostname.endsWith(`.${wanted.hostname}`)
      : asked.hostname === wanted.hostname;
  });
}

function parseOrigin(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : null;
}
