import { account } from "../../sandbox/exotel-api/account.ts";
import type { ConnectRequest } from "../../sandbox/exotel-api/api-call.ts";
import { createApiServer } from "../../sandbox/exotel-api/api-server.ts";
import { reportCalls } from "../../sandbox/exotel-api/callbacks.ts";
import { serveOnFreePort } from "../../sandbox/http/serve-on-free-port.ts";
import { FakeNetwork } from "../../sandbox/network/fake-network.ts";
import type { Customer } from "../../sandbox/network/network.ts";
import { CANARIES } from "./test-configuration.ts";

/** The sandbox's Exotel around a network that the test moves along, reporting to the gateway as a call flow is set up to. */
export interface SandboxExotel {
  readonly network: FakeNetwork;
  readonly api: string;
  readonly callerId: string;
  /** What was asked of `Calls/connect`, by call. */
  readonly requests: Map<string, ConnectRequest>;
  close(): Promise<void>;
}

export const CUSTOMER: Customer = { number: "09052161119", name: "Ravi Kumar", behaviour: "speaks", ringMs: 0, talkMs: 0, digits: "" };

export interface SandboxExotelOptions {
  readonly now: () => number;
  /** Where callbacks go: the gateway, through a socket or not. */
  readonly deliver: typeof fetch;
  readonly publicUrl: string;
}

export async function createSandboxExotel({ now, deliver, publicUrl }: SandboxExotelOptions): Promise<SandboxExotel> {
  const network = new FakeNetwork(now);
  network.setAgent("asha", "secret", "Asha Rao");
  network.setAgent("ravi", "secret", "Ravi Menon");
  const requests = new Map<string, ConnectRequest>();
  const server = createApiServer({
    network,
    api: "https://recordings.exotel.example",
    requests,
    agentWithNumber: (number) => (number.endsWith("8047000101") ? "asha" : null),
    nameOfNumber: () => "Ravi Kumar",
    now,
  });
  const { base, close } = await serveOnFreePort(server);
  const flow = publicUrl.replace("//", `//exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}@`);
  const off = reportCalls({
    network,
    api: base,
    urls: () => ({ popup: `${flow}/api/callbacks/exotel/popup`, passthru: `${flow}/api/callbacks/exotel/passthru` }),
    requestOf: (sid) => requests.get(sid) ?? null,
    numberOfAgent: (user) => (user === "asha" ? "08047000101" : "08047000102"),
    now,
    fetch: deliver,
  });
  return {
    network,
    api: base,
    callerId: account.exoPhone,
    requests,
    close: async () => {
      off();
      await close();
    },
  };
}
