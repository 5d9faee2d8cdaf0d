import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGatewayProcess, freePort } from "../../gateway/fakes/gateway-process.ts";
import { CANARIES } from "../../gateway/fakes/test-configuration.ts";
import { serveOnFreePort } from "../../sandbox/http/serve-on-free-port.ts";
import { createLeadSquaredServer, type LeadSquaredState } from "../../sandbox/leadsquared/leadsquared-server.ts";
import type { Account } from "./phone-panel.ts";
import type { Sandbox } from "./start-sandbox.ts";

/** The gateway in a process of its own, between the sandbox's Exotel and a LeadSquared that is played. */
export interface RunningGateway {
  /** Origin of the widget that it serves. */
  readonly origin: string;
  readonly crm: LeadSquaredState;
  /** One agent, mapped, with a SIP account and a password of its own. */
  addAgent(account: Account): Promise<{ readonly user: string; readonly password: string }>;
  /** A link that signs this agent in, once. */
  invite(user: string): Promise<string>;
  /** As LeadSquared's connector does. */
  click(user: string, number: string): Promise<Response>;
  /** What the gateway thinks of who has this call. */
  ownership(callId: string): Promise<unknown>;
  stop(): Promise<void>;
}

const PASSWORD = "correct horse battery";

export async function startGateway(sandbox: Sandbox): Promise<RunningGateway> {
  const folder = await mkdtemp(join(tmpdir(), "gateway-"));
  const account = {
    orgKey: CANARIES.LEADSQUARED_ORG_KEY,
    connectorId: "connector-1",
    apiKey: CANARIES.LEADSQUARED_API_KEY,
    accessKey: CANARIES.LEADSQUARED_ACCESS_KEY,
    secretKey: CANARIES.LEADSQUARED_SECRET_KEY,
  };
  const { server, state } = createLeadSquaredServer({ account, now: Date.now });
  const crm = await serveOnFreePort(server);
  const port = await freePort();
  const origin = `http://phone.localhost:${port}`;
  const address = `127.0.0.1:${port}`;
  const file = await writeConfiguration(folder, sandbox, { origin, port, leadsquared: crm.base });
  const gateway = createGatewayProcess(file, port);
  const stop = async (): Promise<void> => {
    await gateway.stop();
    await crm.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await gateway.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin, crm: state, ...askers(address), stop };
}

/** What is asked of it as the administrator, as LeadSquared and as a page. */
function askers(address: string): Pick<RunningGateway, "addAgent" | "invite" | "click" | "ownership"> {
  const admin = { authorization: `Bearer ${CANARIES.GATEWAY_ADMIN_TOKEN}` };
  const put = async (path: string, body: string, type: string): Promise<void> => {
    const response = await fetch(`http://${address}/api/admin/agents${path}`, {
      method: "PUT",
      headers: { ...admin, "content-type": type },
      body,
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  return {
    async addAgent({ user, password, domain, proxy }) {
      const csv = `CRM User ID,CRM User,Exotel User,SIP User Name,Mobile Number,Sign-in Name\n${user},Asha Rao,${user},${user},08047000101,${user}\n`;
      await put("/csv", csv, "text/csv");
      await put(`/${user}/sip-account`, JSON.stringify({ sipId: user, password, domain, proxy }), "application/json");
      await put(`/${user}/password`, JSON.stringify({ password: PASSWORD }), "application/json");
      return { user, password: PASSWORD };
    },
    async invite(user) {
      const response = await fetch(`http://${address}/api/admin/agents/${user}/invitations`, { method: "POST", headers: admin });
      const answer: { link?: unknown } = await response.json();
      return String(answer.link);
    },
    click: (user, number) =>
      fetch(`http://${address}/api/leadsquared/click-to-call?${new URLSearchParams({ AgentId: user, CustomerNumber: number })}`, {
        headers: { authorization: `Bearer ${CANARIES.LEADSQUARED_INBOUND_TOKEN}` },
      }),
    async ownership(callId) {
      // Lower than any page's: it changes nothing.
      const body = JSON.stringify({ callId, epoch: 0 });
      const response = await fetch(`http://${address}/api/calls/${callId}/owned`, { method: "POST", body });
      const answer: { state?: unknown } = await response.json();
      return answer.state;
    },
  };
}

/** @returns the path of `gateway.json`. */
async function writeConfiguration(
  folder: string,
  sandbox: Sandbox,
  { origin, port, leadsquared }: { readonly origin: string; readonly port: number; readonly leadsquared: string },
): Promise<string> {
  const widget = {
    ...(await sandbox.control.config()),
    dialing: { via: "url", url: "/api/calls", country: "IN" },
    gateway: { url: "/api", signIn: true },
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(widget));
  // The sandbox's ports follow one another; its API has the fourth.
  const api = `http://127.0.0.1:${Number(new URL(sandbox.phone).port) + 3}`;
  const config = {
    listen: { port },
    publicUrl: origin,
    widget: { folder: "dist", config: join(folder, "config.json") },
    storage: { folder: join(folder, "data") },
    exotel: {
      api,
      legs: { exoml: api },
      account: "sandbox1",
      callerIds: ["08047112233"],
      callbackUrl: `http://127.0.0.1:${port}`,
    },
    leadsquared: { telephony: leadsquared, api: leadsquared, connectorId: "connector-1", wrapUpSeconds: 60 },
  };
  const file = join(folder, "gateway.json");
  await writeFile(file, JSON.stringify(config));
  return file;
}
