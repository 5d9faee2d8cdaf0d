import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { listen } from "./listen.ts";

/** For tests: a port of its own each time, because `fetch` keeps connections to the server that was there before. */
export async function serveOnFreePort(server: Server): Promise<{ readonly base: string; readonly close: () => Promise<void> }> {
  const close = await listen(server, 0, "a server under test", "-");
  // A server on a TCP port answers with an AddressInfo, never with a string.
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, close };
}
