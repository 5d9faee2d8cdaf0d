import * as v from "valibot";
import type { Network } from "../network/network.ts";

interface RouteRequest {
  /** Values of the `:name` parts of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON, `undefined` where there was no body. */
  readonly body: unknown;
}

interface RouteReply {
  readonly status?: number;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** One request of the control: `path` as in `/calls/:sid/hold`. Refuses by throwing a `ControlError`. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  handle(request: RouteRequest): RouteReply | Promise<RouteReply>;
}

/** A refusal; the message says what to do. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const duration = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(600_000));
const digits = v.pipe(v.string(), v.regex(/^[0-9A-D*#]*$/, "digits must be 0-9, A-D, * or #"));

const customerSchema = v.strictObject({
  number: v.optional(v.pipe(v.string(), v.regex(/^\+?[0-9]{1,20}$/, "number must be digits, with or without a +")), "+918000000001"),
  name: v.optional(v.pipe(v.string(), v.maxLength(200)), "Kiran Rao"),
  showName: v.optional(v.boolean(), false),
  behaviour: v.optional(
    v.picklist(["speaks", "echoes", "silent", "busy", "no-answer", "gives-up", "hangs-up", "holds", "presses-digits"]),
    "speaks",
  ),
  ringMs: v.optional(duration, 3000),
  talkMs: v.optional(duration, 5000),
  digits: v.optional(digits, "123#"),
});

const agentSchema = v.strictObject({
  user: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "user must be letters, digits, '.', '-' or '_'")),
  password: v.pipe(v.string(), v.minLength(1)),
  displayName: v.optional(v.string(), ""),
});

const callSchema = v.strictObject({ agent: v.string(), customer: v.optional(customerSchema, {}) });
const socketsSchema = v.strictObject({ agent: v.optional(v.string()), action: v.picklist(["close", "silence", "resume"]) });
const failuresSchema = v.strictObject({
  method: v.string(),
  status: v.pipe(v.number(), v.integer(), v.minValue(300), v.maxValue(699)),
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** Throws a `ControlError` that names the field. */
function read<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, body ?? {});
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new ControlError(400, `${v.getDotPath(issue) ?? "the body"}: ${issue.message}`);
}

/** What drives the network: calls, faults, and a look at what happened. */
export function networkRoutes(network: Network): readonly Route[] {
  const onCall = (path: string, act: (sid: string, body: unknown) => void): Route => ({
    method: "POST",
    path: `/calls/:sid/${path}`,
    handle({ params, body }) {
      const call = callOf(network, params["sid"] ?? "");
      act(call.sid, body);
      return { body: callOf(network, call.sid) };
    },
  });
  return [
    { method: "GET", path: "/agents", handle: () => ({ body: network.agents() }) },
    { method: "POST", path: "/agents", handle: ({ body }) => ({ body: setAgent(network, read(agentSchema, body)) }) },
    { method: "GET", path: "/calls", handle: () => ({ body: network.calls() }) },
    { method: "POST", path: "/calls", handle: ({ body }) => ({ status: 201, body: ring(network, read(callSchema, body)) }) },
    { method: "GET", path: "/calls/:sid", handle: ({ params }) => ({ body: callOf(network, params["sid"] ?? "") }) },
    onCall("hangup", (sid) => network.hangUpAsCustomer(sid)),
    onCall("hold", (sid, body) => network.setHeldByCustomer(sid, read(v.strictObject({ held: v.boolean() }), body).held)),
    onCall("digits", (sid, body) => network.pressDigits(sid, read(v.strictObject({ digits }), body).digits)),
    onCall("media", (sid, body) => network.setMediaStopped(sid, read(v.strictObject({ stopped: v.boolean() }), body).stopped)),
    {
      method: "POST",
      path: "/sockets",
      handle({ body }) {
        const { agent, action } = read(socketsSchema, body);
        return { body: { count: network.sockets(agent ?? null, action) } };
      },
    },
    {
      method: "POST",
      path: "/failures",
      handle({ body }) {
        const failure = read(failuresSchema, body);
        network.failNext(failure.method, failure.status, failure.count);
        return { body: failure };
      },
    },
    {
      method: "POST",
      path: "/restart",
      async handle({ body }) {
        const { downMs } = read(v.strictObject({ downMs: v.optional(duration, 0) }), body);
        await network.restart(downMs);
        return { body: { downMs } };
      },
    },
    { method: "GET", path: "/sip-log", handle: () => ({ body: network.sipLog() }) },
  ];
}

function ring(network: Network, { agent, customer }: v.InferOutput<typeof callSchema>) {
  agentOf(network, agent);
  return network.ringAgent(agent, customer);
}

function setAgent(network: Network, { user, password, displayName }: v.InferOutput<typeof agentSchema>) {
  network.setAgent(user, password, displayName);
  return agentOf(network, user);
}

function agentOf(network: Network, user: string) {
  const agent = network.agents().find((each) => each.user === user);
  if (agent !== undefined) return agent;
  const known = network.agents().map((each) => each.user);
  throw new ControlError(404, `there is no agent "${user}"; there are: ${known.join(", ")}`);
}

function callOf(network: Network, sid: string) {
  const call = network.call(sid);
  if (call === null) throw new ControlError(404, "there is no call with this sid; GET /calls lists them");
  return call;
}
