import { isIPv6 } from "node:net";
import type { Context } from "hono";
import type { Env } from "./environment.ts";

/**
 * Who asks, for limits. Behind a proxy on this machine (TLS ends there) it is the last address that the proxy has added to
 * `X-Forwarded-For`; from anywhere else that header is the sender's own invention. Of IPv6 it is the network (`/64`): whoever
 * has one address there has them all.
 */
export function clientAddress(context: Context<Env>): string {
  // Without a socket (`app.request` in tests) there is no environment at all.
  const bindings: Env["Bindings"] | undefined = context.env;
  const direct = bindings?.incoming?.socket.remoteAddress ?? "unknown";
  if (!/^(127\.|::1$|::ffff:127\.)/.test(direct)) return networkOf(direct);
  return networkOf(context.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() || direct);
}

function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address.replace(/^::ffff:/i, "");
  const [head = [], tail] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array.from({ length: 8 }, () => "0");
  const network = (tail === undefined ? [...head] : [...head, ...zeros.slice(head.length + tail.length), ...tail]).slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
