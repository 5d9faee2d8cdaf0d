import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Ports } from "./addresses.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";

let widget: string;
const running: Sandbox[] = [];

beforeEach(async () => {
  widget = await mkdtemp(join(tmpdir(), "widget-"));
  await writeFile(join(widget, "index.html"), "<!doctype html>");
});
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close();
  await rm(widget, { recursive: true });
});

async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const [phone = 0, crm = 0, sip = 0, api = 0, control = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return { phone, crm, sip, api, control };
}

async function started(): Promise<Sandbox> {
  const sandbox = await createSandbox({ widget, ports: await freePorts() });
  running.push(sandbox);
  return sandbox;
}

test("[X50] two sandboxes run in one process, each with its own configuration", async () => {
  const [first, second] = [await started(), await started()];
  const put = (base: string, body: unknown) =>
    fetch(`${base}/config`, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const config = (await (await fetch(`${first.addresses.control}/config`)).json()) as { numbers: object };

  expect((await put(first.addresses.control, { ...config, numbers: { masked: true } })).status).toBe(200);
  const wrong = await put(first.addresses.control, { ...config, dialing: { country: "India" } });
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({ problems: [expect.stringContaining("dialing.country")] });

  const masked = async ({ ports }: Sandbox) =>
    ((await (await fetch(`http://127.0.0.1:${ports.phone}/config.json`)).json()) as { numbers: { masked: boolean } }).numbers.masked;
  expect([await masked(first), await masked(second)]).toEqual([true, false]);
});

test("[X51] the CRM's button rings through the control, and the call shows in Exotel's API", async () => {
  const { ports, addresses } = await started();
  const rung = await fetch(`http://127.0.0.1:${ports.crm}/api/simulate/calls`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ agent: "asha", customer: { number: "+918000000001" } }),
  });
  expect(rung.status).toBe(201);
  const { sid } = (await rung.json()) as { sid: string };
  const details = await fetch(`${addresses.api}/v1/Accounts/sandbox1/Calls/${sid}.json`, {
    headers: { authorization: `Basic ${btoa("sandbox-api-key:sandbox-api-token")}` },
  });
  expect(await details.json()).toMatchObject({ Call: { Sid: sid, From: "+918000000001", Direction: "inbound" } });
});

test("[X52] a taken port is named with the variable that changes it, and what was started is closed again", async () => {
  const { ports } = await started();
  const others = await freePorts();
  const clash = { ...others, api: ports.api };
  await expect(createSandbox({ widget, ports: clash })).rejects.toThrow(
    `Port ${ports.api} is taken (Exotel's API). Stop what uses it, or choose another: API_PORT=`,
  );
  const again = await createSandbox({ widget, ports: others });
  running.push(again);
});

test("[X53] without a built widget it says how to build it", async () => {
  await expect(createSandbox({ widget: join(widget, "nothing") })).rejects.toThrow("npm run build");
});

test("[X54] faults and callbacks that make no sense are refused with their name", async () => {
  const { addresses } = await started();
  const send = (method: string, path: string, body: unknown) =>
    fetch(`${addresses.control}${path}`, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  expect(await (await send("POST", "/crm/faults", { failSaves: -1 })).json()).toMatchObject({
    error: expect.stringContaining("failSaves"),
  });
  expect(await (await send("PUT", "/exotel/callbacks", { popup: "ftp://x" })).json()).toMatchObject({
    error: expect.stringContaining("popup"),
  });
  expect(await (await send("PUT", "/exotel/callbacks", { popup: "http://127.0.0.1:1/x" })).json()).toEqual({
    popup: "http://127.0.0.1:1/x",
    passthru: null,
  });
});
