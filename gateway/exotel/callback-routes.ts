import { Hono, type Context } from "hono";
import type { CallLedger } from "../calls/call-ledger.ts";
import { GatewayError } from "../errors.ts";
import { clientAddress } from "../http/client-address.ts";
import type { Env } from "../http/environment.ts";
import { equalSecrets } from "../http/equal-secrets.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { CallbackSignature } from "./callback-signature.ts";
import { callbackValues } from "./callback-values.ts";
import { monitorEnded, readMonitorCallback, type MonitorEndParts } from "./monitor-callback.ts";
import { CALLBACK_KINDS, readCallback } from "./read-callback.ts";

export interface CallbackParts extends MonitorEndParts {
  readonly ledger: CallLedger;
  readonly signature: CallbackSignature;
  /** What the call flow's addresses carry: `https://exotel:<password>@…`, sent as Basic authentication. */
  readonly password: string;
  readonly failures: RateLimit;
  readonly metrics: Metrics;
  /** Whom a Connect applet rings. */
  readonly route: Hono<Env>;
}

/**
 * `GET|POST /api/callbacks/exotel/{popup|passthru|status}`. The answer is 200 only when the report is durable; anything else
 * makes Exotel send it again, and a report that came before changes nothing. `POST …/monitor`: a supervisor's leg has ended,
 * which says nothing about the call.
 */
export function callbackRoutes(parts: CallbackParts): Hono<Env> {
  const answer = async (context: Context<Env>): Promise<Response> => {
    const kind = CALLBACK_KINDS.find((name) => name === context.req.param("kind"));
    if (!kind) throw new GatewayError("not-found", "there is no such callback");
    const callId = await authenticate(context, parts);
    const report = readCallback(kind, await callbackValues(context), parts.now());
    if (!report) throw new GatewayError("invalid-request", "CallSid is missing");
    if (callId !== undefined) await refuseOtherCall(parts.ledger, callId, report.exotelSid);
    const { isNew } = await parts.ledger.add({ ...report, source: kind, callId });
    parts.metrics.count("gateway_callbacks_total", { kind, new: isNew ? "yes" : "no" });
    return context.text("OK");
  };
  return new Hono<Env>()
    .use("/route", async (context, next) => {
      await authenticate(context, parts);
      await next();
    })
    .route("/route", parts.route)
    .post("/monitor", (context) => answerMonitor(context, parts))
    .get("/:kind", answer)
    .post("/:kind", answer);
}

async function answerMonitor(context: Context<Env>, parts: CallbackParts): Promise<Response> {
  const values = await callbackValues(context);
  // By its address alone: what the body says is not signed.
  const leg = readMonitorCallback(new Map(Object.entries(context.req.query())), parts.signature);
  if (!leg) throw await refused(context, parts.failures);
  await refuseOtherCall(parts.ledger, leg.callId, values.get("CallSid") ?? "");
  const isNew = await monitorEnded(parts, leg, values);
  parts.metrics.count("gateway_callbacks_total", { kind: "monitor", new: isNew ? "yes" : "no" });
  return context.text("OK");
}

/** A report names its call twice, and joins what it names: a signed one must not reach a call that it was not signed for. */
async function refuseOtherCall(ledger: CallLedger, callId: string, exotelSid: string): Promise<void> {
  const known = (await ledger.byId(callId))?.view.exotelSid ?? null;
  if (known !== null && known !== exotelSid) throw new GatewayError("forbidden", "the signature is another call's");
}

/** By the signature of an address that we made for one call, or by the password. @returns the call of the signature. */
async function authenticate(context: Context<Env>, { signature, password, failures }: CallbackParts): Promise<string | undefined> {
  const callId = context.req.query("call");
  if (callId !== undefined && signature.isValid(callId, context.req.query("signature") ?? "")) return callId;
  await failures.check(limitKey(context));
  const basic = /^Basic ([\w+/=]+)$/i.exec(context.req.header("authorization") ?? "")?.[1] ?? "";
  const given = Buffer.from(basic, "base64").toString("utf8");
  if (equalSecrets(given.slice(given.indexOf(":") + 1), password)) return undefined;
  throw await refused(context, failures);
}

async function refused(context: Context<Env>, failures: RateLimit): Promise<GatewayError> {
  await failures.take(limitKey(context));
  return new GatewayError("not-signed-in", "the callback shows neither a signature nor the password");
}

function limitKey(context: Context<Env>): string {
  return `callback ${clientAddress(context)}`;
}
