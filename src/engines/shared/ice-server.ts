import type { Config } from "../../protocol/config.ts";

/** As the browser takes it: what is not configured is absent. */
export function toIceServer({ urls, username, credential }: Config["sip"]["iceServers"][number]): RTCIceServer {
  return { urls, ...(username !== undefined && { username }), ...(credential !== undefined && { credential }) };
}
