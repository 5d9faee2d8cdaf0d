import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readConfiguration } from "../gateway/config/read-config.ts";
import { startGateway } from "../gateway/start-gateway.ts";
import { type Addresses, port } from "./addresses.ts";
import { firstAgents } from "./agents.ts";
import { account } from "./exotel-api/account.ts";
import { serveOnFreePort } from "./http/serve-on-free-port.ts";
import { PortTaken } from "./http/listen.ts";
import { createLeadSquaredServer } from "./leadsquared/leadsquared-server.ts";
import { sandboxConfig } from "./sandbox-config.ts";
import { builtWidget } from "./phone-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The real gateway between the sandbox's Exotel and a LeadSquared that is played, with the sandbox's agents in it. */
export interface DemoGateway {
  /** What a person at the terminal has to know of it. */
  readonly words: string;
  stop(): Promise<void>;
}

/** What LeadSquared's connector shows. Public: it opens nothing but this demo. */
const LEADSQUARED_TOKEN = "sandbox-leadsquared";
const LEADSQUARED = {
  orgKey: "sandbox",
  connectorId: "connector-1",
  apiKey: "sandbox-lsq-api",
  accessKey: "sandbox-lsq-access",
  secretKey: "sandbox-lsq-secret",
};

/** Throws `PortTaken`. Its data is gone when it stops. */
export async function startDemoGateway(addresses: Addresses): Promise<DemoGateway> {
  const folder = temporaryFolder("demo-gateway-");
  const at = port("GATEWAY_PORT", 5175);
  const leadsquared = await serveOnFreePort(createLeadSquaredServer({ account: LEADSQUARED, now: Date.now }).server);
  const close = async (): Promise<void> => {
    await leadsquared.close();
    await folder.remove();
  };
  try {
    const adminToken = randomBytes(24).toString("hex");
    const gateway = await startGateway(
      await configurationOf(addresses, { folder: folder.path, at, leadsquared: leadsquared.base, adminToken }),
    );
    await addAgents(gateway.address, adminToken, addresses);
    return {
      words: wordsOf(at),
      stop: async () => {
        await gateway.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    throw isTaken ? new PortTaken("the gateway", at, "GATEWAY_PORT") : error;
  }
}

interface DemoParts {
  readonly folder: string;
  readonly at: number;
  readonly leadsquared: string;
  readonly adminToken: string;
}

async function configurationOf(addresses: Addresses, { folder, at, leadsquared, adminToken }: DemoParts) {
  const widget = join(folder, "config.json");
  const dialing = { via: "url", url: "/api/calls", country: "IN" };
  await writeFile(widget, JSON.stringify({ ...sandboxConfig(addresses), dialing, gateway: { url: "/api", signIn: true } }));
  const secret = (): string => randomBytes(24).toString("hex");
  return readConfiguration(
    {
      listen: { port: at },
      publicUrl: `http://phone.localhost:${at}`,
      widget: { folder: builtWidget, config: widget },
      storage: { folder: join(folder, "data") },
      exotel: {
        api: addresses.api,
        account: account.sid,
        callerIds: [account.exoPhone],
        callbackUrl: `http://127.0.0.1:${at}`,
        legs: { exoml: addresses.api },
      },
      leadsquared: { telephony: leadsquared, api: leadsquared, connectorId: LEADSQUARED.connectorId, wrapUpSeconds: 60 },
      log: { level: "error" },
    },
    {
      GATEWAY_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
      GATEWAY_ADMIN_TOKEN: adminToken,
      EXOTEL_API_KEY: account.apiKey,
      EXOTEL_API_TOKEN: account.apiToken,
      EXOTEL_CALLBACK_PASSWORD: secret(),
      LEADSQUARED_INBOUND_TOKEN: LEADSQUARED_TOKEN,
      LEADSQUARED_ORG_KEY: LEADSQUARED.orgKey,
      LEADSQUARED_API_KEY: LEADSQUARED.apiKey,
      LEADSQUARED_ACCESS_KEY: LEADSQUARED.accessKey,
      LEADSQUARED_SECRET_KEY: LEADSQUARED.secretKey,
    },
  );
}

/** As an administrator does: the mapping as a file, then account and password of each. */
async function addAgents(gateway: string, adminToken: string, { sipProxy }: Addresses): Promise<void> {
  const put = async (path: string, type: string, body: string): Promise<void> => {
    const headers = { authorization: `Bearer ${adminToken}`, "content-type": type };
    const response = await fetch(`${gateway}/api/admin/agents${path}`, { method: "PUT", headers, body });
    if (!response.ok) throw new Error(`the gateway answered ${response.status} to an agent of the demo`);
  };
  const rows = firstAgents.map(({ user, displayName, number }) => [user, displayName, user, user, number, user].join(","));
  const columns = "CRM User ID,CRM User,Exotel User,SIP User Name,Mobile Number,Sign-in Name";
  await put("/csv", "text/csv", `${[columns, ...rows].join("\n")}\n`);
  for (const { user, password } of firstAgents) {
    const sip = { sipId: user, password, domain: account.voipDomain, proxy: sipProxy };
    await put(`/${user}/sip-account`, "application/json", JSON.stringify(sip));
    await put(`/${user}/password`, "application/json", JSON.stringify({ password }));
  }
}

function wordsOf(at: number): string {
  const agent = firstAgents[1];
  return `
  With the gateway  http://phone.localhost:${at}
    User name     ${agent?.user}
    Password      ${agent?.password}
    A click in LeadSquared:
    curl -H 'Authorization: Bearer ${LEADSQUARED_TOKEN}' 'http://127.0.0.1:${at}/api/leadsquared/click-to-call?AgentId=${agent?.user}&CustomerNumber=+91-9845000011'
`;
}
