import { existsSync } from "node:fs";
import { join } from "node:path";
import { addressesOf, ports as portsOfEnvironment, type Addresses, type Ports } from "./addresses.ts";
import { firstAgents } from "./agents.ts";
import { ConfigHolder } from "./config-holder.ts";
import { controlExtras } from "./control-extras.ts";
import { createControlServer } from "./control/create-control-server.ts";
import { CallLogStore } from "./crm/call-log-store.ts";
import { createCrmServer } from "./crm/crm-server.ts";
import { ExotelInbox } from "./crm/exotel-inbox.ts";
import { leadsWithNumber } from "./crm/leads.ts";
import { account } from "./exotel-api/account.ts";
import type { ConnectRequest } from "./exotel-api/api-call.ts";
import { customerForNumber } from "./exotel-api/customer-for-number.ts";
import { createApiServer } from "./exotel-api/api-server.ts";
import { reportCalls, type CallbackUrls } from "./exotel-api/callbacks.ts";
import { endLegRoute } from "./exotel-api/end-leg.ts";
import { createSubscribersApi } from "./exotel-api/subscribers.ts";
import { createGateway } from "./gateway/gateway-routes.ts";
import { listen, PortTaken } from "./http/listen.ts";
import { createNetwork } from "./network/create-network.ts";
import type { Network } from "./network/network.ts";
import { builtWidget, createPhoneServer, iceServersRoute, type IceServersAnswer } from "./phone-server.ts";
import { sandboxConfig } from "./sandbox-config.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface SandboxOptions {
  /** Ports that differ from the environment's. */
  readonly ports?: Partial<Ports>;
  /** Vite's server in the place of the built widget. */
  readonly dev?: boolean;
  /** The folder of the built widget, where it is not `dist`. */
  readonly widget?: string;
}

export interface Sandbox {
  readonly ports: Ports;
  readonly addresses: Addresses;
  readonly network: Network;
  close(): Promise<void>;
}

/** The widget is not built: there is nothing to serve. */
export class NotBuilt extends Error {
  constructor() {
    super("The widget is not built. Run: npm run build (npm start does it for you)");
    this.name = "NotBuilt";
  }
}

/** Starts everything; several may run in one process on different ports. What was started is closed again if one part fails. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const ports = { ...portsOfEnvironment, ...options.ports };
  const addresses = addressesOf(ports);
  const widget = options.widget ?? builtWidget;
  if (!options.dev && !existsSync(join(widget, "index.html"))) throw new NotBuilt();
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const network = await start(ports, addresses, { widget, dev: options.dev === true }, closing);
    return { ports, addresses, network, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  ports: Ports,
  addresses: Addresses,
  phone: { readonly widget: string; readonly dev: boolean },
  closing: (() => Promise<void> | void)[],
): Promise<Network> {
  const config = new ConfigHolder(sandboxConfig(addresses));
  const iceServers: IceServersAnswer = { current: null };
  const network = await startNetwork(ports.sip, closing);

  const gateway = createGateway(network);
  closing.push(() => gateway.close());
  const beside = [...gateway.routes, iceServersRoute(iceServers)];
  if (phone.dev) {
    const { createPhoneDevServer } = await import("./phone-dev-server.ts");
    const dev = await createPhoneDevServer(config, beside);
    closing.push(dev.close, await listen(dev.server, ports.phone, "the phone's page", "PHONE_PORT"));
  } else closing.push(await listen(createPhoneServer(config, phone.widget, beside), ports.phone, "the phone's page", "PHONE_PORT"));

  const store = new CallLogStore();
  const exotel = { api: addresses.api, ...account };
  const crm = createCrmServer({ addresses, exotel, agents: () => agentAccounts(network, addresses), store, inbox: new ExotelInbox() });
  closing.push(await listen(crm, ports.crm, "the demo CRM", "CRM_PORT"));

  const callbackUrls = await startApi(network, ports, addresses, closing);
  // Last: who waits for the sandbox waits for the control to answer.
  const extraRoutes = controlExtras({ config, store, callbackUrls, iceServers });
  const control = await createControlServer({ network, port: ports.control, extraRoutes }).catch(
    named("the control", ports.control, "CONTROL_PORT"),
  );
  closing.push(() => control.close());
  return network;
}

/** Recordings are customers' voices: they go when the sandbox goes. */
async function startNetwork(port: number, closing: (() => Promise<void> | void)[]): Promise<Network> {
  const recordings = temporaryFolder("sandbox-recordings-");
  closing.push(() => recordings.remove());
  const network = await createNetwork({
    port,
    recordingsFolder: recordings.path,
    agents: firstAgents,
    customerOf: customerForNumber,
  }).catch(named("SIP", port, "SIP_PORT"));
  closing.push(() => network.close());
  return network;
}

async function startApi(
  network: Network,
  ports: Ports,
  addresses: Addresses,
  closing: (() => Promise<void> | void)[],
): Promise<{ current: CallbackUrls }> {
  const requests = new Map<string, ConnectRequest>();
  const api = createApiServer({
    network,
    api: addresses.api,
    requests,
    agentWithNumber: (number) => firstAgents.find((agent) => lastTen(agent.number) === lastTen(number))?.user ?? null,
    nameOfNumber: (number) => leadsWithNumber(number)[0]?.name ?? "",
    more: [
      endLegRoute(network),
      ...createSubscribersApi({
        now: Date.now,
        onPassword: (user, password, displayName) => network.setAgent(user, password, displayName),
      }).routes,
    ],
  });
  closing.push(await listen(api, ports.api, "Exotel's API", "API_PORT"));
  const crm = `http://127.0.0.1:${ports.crm}/exotel`;
  const callbackUrls = { current: { popup: `${crm}/popup`, passthru: `${crm}/passthru` } };
  closing.push(
    reportCalls({
      network,
      api: addresses.api,
      urls: () => callbackUrls.current,
      requestOf: (sid) => requests.get(sid) ?? null,
      numberOfAgent: (user) => firstAgents.find((agent) => agent.user === user)?.number ?? `sip:${user}`,
      now: Date.now,
      fetch,
    }),
  );
  return callbackUrls;
}

/** Says what to do about a port that is taken; passes every other failure on. */
function named(what: string, port: number, variable: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw error.code === "EADDRINUSE" ? new PortTaken(what, port, variable) : error;
  };
}

function agentAccounts(network: Network, addresses: Addresses) {
  return network.agents().map(({ user, displayName, password }) => ({
    user,
    displayName,
    password,
    domain: account.voipDomain,
    proxy: addresses.sipProxy,
  }));
}

function lastTen(number: string): string {
  return number.replaceAll(/\D/g, "").slice(-10);
}
