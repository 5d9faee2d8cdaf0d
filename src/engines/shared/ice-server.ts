import type { Config } from "../../protocol/config.ts";

/** As the browser takes it: what is not configured is absent. */
export function toIceServer({ urls, username, credential }: Config["sip"]["iceServers"][number]): RTCIceServer {
  return { urls, ...(username !== undefined && { username }), ...(credential !== undefined && { credential }) };
}

/** What the configured servers are there for. */
export function bestCandidate(servers: readonly RTCIceServer[]): "relay" | "srflx" | "host" {
  const urls = servers.flatMap((server) => server.urls);
  if (urls.some((url) => url.startsWith("turn"))) return "relay";
  return urls.length > 0 ? "srflx" : "host";
}
