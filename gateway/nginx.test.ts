import { request, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { createAdaptorServer } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import operate from "../docs/operate.md?raw";
import { freePort } from "./fakes/gateway-process.ts";
import { createNginxServer, hasNginx, type NginxServer } from "./fakes/nginx-server.ts";
import { admin, importAgents, signedIn } from "./fakes/people.ts";
import { CANARIES, TEST_CONFIG, testConfiguration } from "./fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "./fakes/test-gateway.ts";

/** The example of `docs/operate.md` in Debian's nginx, in front of a gateway. */
const example = /```nginx\n(.*?)```/s.exec(operate)?.[1] ?? "";
const NUMBER = "9052161119";
const SOUND = "RIFF....WAVE";

let gateway: TestGateway;
let nginx: NginxServer;
let closeGateway: () => Promise<void>;

function ask(path: string, options: RequestOptions = {}, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const to = { host: "127.0.0.1", port: nginx.port, path, rejectUnauthorized: false, agent: false };
    request({ ...to, ...options })
      .on("response", resolve)
      .on("error", reject)
      .end(body);
  });
}

describe.skipIf(!hasNginx)("behind nginx", () => {
  beforeAll(async () => {
    const recording: typeof fetch = (_input, init) => {
      const range = new Headers(init?.headers).get("range");
      const part = { status: 206, headers: { "content-range": `bytes 8-11/${SOUND.length}`, "content-type": "audio/wav" } };
      return Promise.resolve(range === "bytes=8-11" ? new Response(SOUND.slice(8), part) : new Response(SOUND));
    };
    const exotel = { ...TEST_CONFIG.exotel, recordingHosts: ["recordings.exotel.example"] };
    gateway = await createTestGateway({ configuration: testConfiguration({ exotel }), fetch: recording });
    await importAgents(gateway);
    const server = createAdaptorServer({ fetch: gateway.app.fetch });
    const port = await freePort();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    closeGateway = async () => {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    };
    nginx = await createNginxServer(example, port);
  }, 60_000);
  afterAll(async () => {
    await nginx.close();
    await gateway.close();
  });

  test("[G88] the widget comes with all its headers, compressed as the gateway compressed it", async () => {
    const page = await ask("/");
    expect(page.headers["content-security-policy"]).toContain("frame-ancestors");
    expect(page.headers).toMatchObject({ "strict-transport-security": "max-age=31536000", "cache-control": "no-cache" });
    const file = await ask("/assets/main-AbCd1234.js", { headers: { "accept-encoding": "br" } });
    expect(file.headers).toMatchObject({ "content-encoding": "br", etag: expect.stringMatching(/^"/), vary: "accept-encoding" });
    expect((await ask("/metrics")).statusCode).toBe(404);
  });

  test("[G88] an event is not held back", async () => {
    const stream = await ask("/api/agents/me/events", { headers: await signedIn(gateway, "lsq-asha") });
    expect(String((await once(stream, "data"))[0])).toContain("event: hello");
    const agent = await gateway.services.agents.byCrmUser("lsq-asha");
    const next = once(stream, "data");
    await gateway.database.db
      .transaction()
      .execute((trx) => gateway.services.events.append(trx, agent?.id ?? "", { type: "dial-failed", callId: "x", code: "internal" }));
    expect(String((await next)[0])).toContain("event: dial-failed");
    stream.destroy();
  });

  test("[G88] a report of Exotel's arrives, and a part of the recording is a part", async () => {
    const auth = `exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`;
    const values = { CallSid: "s-1", Status: "completed", Direction: "inbound", From: `0${NUMBER}`, To: "sip:asha" };
    const report = new URLSearchParams({ ...values, RecordingUrl: "https://recordings.exotel.example/a.wav" });
    expect((await ask(`/api/callbacks/exotel/status?${report}`, { auth })).statusCode).toBe(200);
    const id = (await gateway.services.ledger.byExotelSid("s-1"))?.id ?? "";
    const headers = { ...(await signedIn(gateway, "lsq-asha")), range: "bytes=8-11" };
    const part = await ask(`/api/recordings/${id}`, { headers });
    expect(part.headers).toMatchObject({ "content-range": `bytes 8-11/${SOUND.length}`, "content-type": "audio/wav" });
    expect([part.statusCode, await text(part)]).toEqual([206, "WAVE"]);
  });

  test("[G88] a large mapping passes, and an address that a client invents does not", async () => {
    // Read to its end, and found to be no mapping.
    const large = await ask("/api/admin/agents/csv", { method: "PUT", headers: admin }, "x".repeat(2 * 1_024 * 1_024));
    expect(large.statusCode).toBe(400);
    const guess = (n: number) =>
      ask("/api/admin/agents/csv", { headers: { authorization: "Bearer x", "x-forwarded-for": `203.0.113.${n}` } });
    for (let n = 0; n < 10; n += 1) expect((await guess(n)).statusCode).toBe(401);
    expect((await guess(11)).statusCode).toBe(429);
  });

  test("[G88] nginx logs no number and no signature, also where the gateway does not answer", async () => {
    const asha = await signedIn(gateway, "lsq-asha");
    const paths = [
      `/api/leadsquared/click-to-call?AgentId=asha&CustomerNumber=0${NUMBER}`,
      `/api/calls?search=${NUMBER}`,
      `/api/callbacks/exotel/status?call=x&signature=canary-signature&From=${NUMBER}`,
    ];
    for (const path of paths) await ask(path, { headers: asha });
    await closeGateway();
    for (const path of paths) expect((await ask(path, { headers: asha })).statusCode).toBe(502);
    expect(nginx.logged()).toContain("GET / HTTP/1.1");
    expect(nginx.logged()).not.toMatch(new RegExp(`${NUMBER}|canary`));
  });
});
