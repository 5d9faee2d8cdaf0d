import * as v from "valibot";
import { gatewayConfigSchema, type GatewayConfig } from "./gateway-config.ts";
import { SECRET_NAMES, secretsSchema, type Secrets } from "./secrets.ts";

/** The gateway does not start with this configuration; every line names a key and what is wrong with it, never its value. */
export class BadConfiguration extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The gateway does not start:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "BadConfiguration";
    this.problems = problems;
  }
}

export interface Configuration {
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
}

/**
 * @param value content of `gateway.json`, parsed.
 * @throws BadConfiguration with every problem at once.
 */
export function readConfiguration(value: unknown, environment: Readonly<Record<string, string | undefined>>): Configuration {
  const config = v.safeParse(gatewayConfigSchema, value);
  const given = Object.fromEntries(SECRET_NAMES.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
  const secrets = v.safeParse(secretsSchema, given);
  const problems = [
    ...(config.issues ?? []).map((issue) => `${v.getDotPath(issue) ?? "gateway.json"}: ${quiet(issue)}`),
    ...(secrets.issues ?? []).map((issue) => `${v.getDotPath(issue) ?? "the environment"}: ${quiet(issue)}`),
    ...(config.success && secrets.success ? missing(config.output, secrets.output) : []),
  ];
  if (!config.success || !secrets.success || problems.length > 0) throw new BadConfiguration(problems);
  return { config: config.output, secrets: secrets.output };
}

/** What only together can be wrong. */
function missing({ signIn, leadsquared }: GatewayConfig, secrets: Secrets): string[] {
  const problems: string[] = [];
  if (signIn.token?.algorithm === "HS256" && !secrets.SIGN_IN_SECRET) problems.push("SIGN_IN_SECRET: needed by signIn.token with HS256");
  if (signIn.token && signIn.token.algorithm !== "HS256" && !signIn.token.publicKey) {
    problems.push(`signIn.token.publicKey: needed by ${signIn.token.algorithm}`);
  }
  if (leadsquared && !secrets.LEADSQUARED_ORG_KEY) problems.push("LEADSQUARED_ORG_KEY: needed by leadsquared");
  if (leadsquared?.asynchronous && !secrets.LEADSQUARED_API_KEY) {
    problems.push("LEADSQUARED_API_KEY: needed by leadsquared.asynchronous");
  }
  if (leadsquared?.popupBy === "user" && !leadsquared.api) problems.push("leadsquared.api: needed by leadsquared.popupBy");
  if (leadsquared?.api && !(secrets.LEADSQUARED_ACCESS_KEY && secrets.LEADSQUARED_SECRET_KEY)) {
    problems.push("LEADSQUARED_ACCESS_KEY, LEADSQUARED_SECRET_KEY: needed by leadsquared.api");
  }
  return problems;
}

/** Valibot's own sentences end in `but received "…"`: the value, which may be a secret. */
function quiet(issue: { readonly message: string; readonly received: string; readonly expected: string | null }): string {
  if (issue.received === "undefined") return "is missing";
  const cut = issue.message.indexOf(" but received");
  if (issue.expected === "never") return "is not a known key";
  return cut < 0 ? issue.message : issue.message.slice(0, cut);
}
