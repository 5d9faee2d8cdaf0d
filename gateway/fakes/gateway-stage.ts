import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveOnFreePort } from "../../sandbox/http/serve-on-free-port.ts";
import { createLeadSquaredServer, type LeadSquaredState } from "../../sandbox/leadsquared/leadsquared-server.ts";
import { createGatewayProcess, freePort, type GatewayProcess } from "./gateway-process.ts";
import { admin, AGENTS_CSV } from "./people.ts";
import { CANARIES, TEST_CONFIG } from "./test-configuration.ts";

/** LeadSquared's double and what gateways in processes of their own need to know of it. */
export interface GatewayStage {
  readonly crm: LeadSquaredState;
  /** One more gateway, not started; those without `DATABASE_URL` would share one folder. */
  gateway(environment?: Readonly<Record<string, string>>): Promise<GatewayProcess>;
  close(): Promise<void>;
}

type Changes = Readonly<Record<string, unknown>>;

/**
 * @param changes to `leadsquared` of `gateway.json`; the double takes a quarter more requests than the gateway makes.
 * @param more of its other keys.
 */
export async function createGatewayStage(changes: Changes = {}, more: Changes = {}): Promise<GatewayStage> {
  const perWindow = Number(changes["requestsPer5Seconds"] ?? 20) * 1.25;
  const folder = await mkdtemp(join(tmpdir(), "gateway-"));
  const account = {
    orgKey: CANARIES.LEADSQUARED_ORG_KEY,
    connectorId: "connector-1",
    apiKey: CANARIES.LEADSQUARED_API_KEY,
    accessKey: CANARIES.LEADSQUARED_ACCESS_KEY,
    secretKey: CANARIES.LEADSQUARED_SECRET_KEY,
  };
  const { server, state } = createLeadSquaredServer({ account, now: Date.now, perWindow });
  const { base, close } = await serveOnFreePort(server);
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  await writeFile(join(folder, "config.json"), '{ "sip": {} }');
  const gateways: GatewayProcess[] = [];
  return {
    crm: state,
    async gateway(environment = {}) {
      const port = await freePort();
      const file = join(folder, `gateway-${port}.json`);
      const leadsquared = {
        telephony: base,
        api: base,
        connectorId: "connector-1",
        customFields: { mx_Custom_10: "outcome" },
        showPopup: false,
        answerSeconds: 1,
        ...changes,
      };
      const own = { listen: { port }, widget: { folder }, storage: { folder: join(folder, "data") }, leadsquared };
      const config = { ...TEST_CONFIG, ...own, ...more };
      await writeFile(file, JSON.stringify(config));
      const gateway = createGatewayProcess(file, port, environment);
      gateways.push(gateway);
      return gateway;
    },
    async close() {
      for (const gateway of gateways) await gateway.kill();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What Exotel's call flow shows. */
export const exotelHeaders = { authorization: `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}` };

/** Uploads the agents and signs Asha in. @param until sends a request until it is taken. */
export async function signInAsha(
  address: string,
  until: (request: () => Promise<Response>) => Promise<Response>,
): Promise<{ readonly authorization: string }> {
  const json = { "content-type": "application/json" };
  await until(() => fetch(`${address}/api/admin/agents/csv`, { method: "PUT", headers: admin, body: AGENTS_CSV }));
  const password = JSON.stringify({ password: "correct horse battery" });
  await until(() =>
    fetch(`${address}/api/admin/agents/lsq-asha/password`, { method: "PUT", headers: { ...admin, ...json }, body: password }),
  );
  const body = JSON.stringify({ user: "asha", password: "correct horse battery", bearer: true });
  const response = await until(() => fetch(`${address}/api/sessions`, { method: "POST", headers: json, body }));
  const { token } = (await response.json()) as { token: string };
  return { authorization: `Bearer ${token}` };
}
