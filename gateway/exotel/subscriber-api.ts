import * as v from "valibot";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";
import type { AskExotel } from "./exotel-http.ts";

export interface SubscriberRequest {
  readonly userName: string;
  readonly password: string;
  readonly email: string | null;
}

/** What became of one subscriber. `unknown`: Exotel may or may not have done it. */
export type SubscriberResult =
  | { readonly type: "done" }
  | { readonly type: "exists" }
  | { readonly type: "missing" }
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string };

/** Chapter 3.2.3. Never throws for what Exotel or the network does: each subscriber has its own result, in the order given. */
export interface SubscriberApi {
  /** In requests of 25. */
  create(subscribers: readonly SubscriberRequest[]): Promise<readonly SubscriberResult[]>;
  setPassword(userName: string, password: string): Promise<SubscriberResult>;
  /** In requests of 50. */
  remove(userNames: readonly string[]): Promise<readonly SubscriberResult[]>;
}

export const MOST_CREATED = 25;
export const MOST_REMOVED = 50;

const row = v.object({
  code: v.number(),
  data: v.nullish(v.object({ user_name: v.nullish(v.string()) })),
  error_data: v.nullish(v.object({ message: v.nullish(v.string()), description: v.nullish(v.string()) })),
});
type Row = v.InferOutput<typeof row>;
const many = v.object({ response: v.array(row) });
const single = v.object({ response: row });

export function createSubscriberApi(config: GatewayConfig["exotel"], ask: AskExotel): SubscriberApi {
  const base = `${config.api}/v2/accounts/${config.account}/subscribers`;
  const request = { name: "subscribers", user: config.subscribers?.user ?? "account" } as const;
  const inBatches = async <T>(
    all: readonly T[],
    size: number,
    nameOf: (one: T) => string,
    send: (batch: readonly T[]) => Promise<Response>,
  ) => {
    const results: SubscriberResult[] = [];
    for (let start = 0; start < all.length; start += size) {
      const batch = all.slice(start, start + size);
      results.push(...(await resultsOf(batch.map(nameOf), () => send(batch))));
    }
    return results;
  };
  return {
    create: (subscribers) =>
      inBatches(
        subscribers,
        MOST_CREATED,
        ({ userName }) => userName,
        (batch) => ask({ ...request, method: "POST", url: base, json: { subscribers: batch.map(bodyOf) } }),
      ),
    async setPassword(userName, password) {
      const url = `${base}/${encodeURIComponent(userName)}`;
      const answer = await answerOf(() => ask({ ...request, method: "PUT", url, json: { password } }));
      if ("type" in answer) return answer;
      const read = v.safeParse(single, answer.body);
      return read.success ? resultOf(read.output.response) : byStatus(answer.status);
    },
    remove: (userNames) =>
      inBatches(
        userNames,
        MOST_REMOVED,
        (name) => name,
        (batch) => ask({ ...request, method: "DELETE", url: `${base}?user_name=${batch.map(encodeURIComponent).join(",")}` }),
      ),
  };
}

function bodyOf({ userName, password, email }: SubscriberRequest) {
  return { user_name: userName, password, ...(email === null ? {} : { email }) };
}

async function resultsOf(names: readonly string[], send: () => Promise<Response>): Promise<readonly SubscriberResult[]> {
  const answer = await answerOf(send);
  if ("type" in answer) return names.map(() => answer);
  const read = v.safeParse(many, answer.body);
  if (!read.success) return names.map(() => byStatus(answer.status));
  const rows = read.output.response;
  return names.map((name, index) => {
    // A row that failed names nobody: it is the one in its place, as the chapter's examples have them.
    const own = rows.find((one) => one.data?.user_name === name) ?? (rows.length === names.length ? rows[index] : undefined);
    const isOthers = own?.data?.user_name != null && own.data.user_name !== name;
    return own && !isOthers ? resultOf(own) : { type: "unknown", reason: "Exotel's answer does not name this subscriber" };
  });
}

async function answerOf(send: () => Promise<Response>): Promise<{ readonly status: number; readonly body: unknown } | SubscriberResult> {
  try {
    const response = await send();
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch (error) {
    return { type: "unknown", reason: error instanceof GatewayError ? error.message : "Exotel does not answer" };
  }
}

/** The code counts, never Exotel's words: they may quote what was sent. */
function resultOf({ code, error_data: said }: Row): SubscriberResult {
  if (code >= 200 && code < 300) return { type: "done" };
  if (code === 404) return { type: "missing" };
  const words = `${said?.message ?? ""} ${said?.description ?? ""}`;
  if (code === 409 || /exist|duplicate/i.test(words)) return { type: "exists" };
  return byStatus(code);
}

function byStatus(status: number): SubscriberResult {
  if (status === 404) return { type: "refused", reason: "Exotel knows no Subscriber Management for this account (404)" };
  if (status === 401 || status === 403) return { type: "refused", reason: `Exotel refused the account's credentials (${status})` };
  if (status >= 400 && status < 500) return { type: "refused", reason: `Exotel refused the subscriber (${status})` };
  return { type: "unknown", reason: `Exotel answered ${status}` };
}
