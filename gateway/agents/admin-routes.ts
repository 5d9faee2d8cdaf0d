import { Hono } from "hono";
import * as v from "valibot";
import { sipAccountSchema } from "../../src/protocol/gateway-agents.ts";
import { GatewayError } from "../errors.ts";
import type { Env } from "../http/environment.ts";
import { cleanText } from "../http/clean-text.ts";
import { readBody } from "../http/read-body.ts";
import type { Audit } from "../storage/audit.ts";
import type { Agent } from "./agent.ts";
import { formatAgentCsv, readAgentCsv, UnknownColumn } from "./agent-csv.ts";
import { Unfit, type AgentStore } from "./agent-store.ts";
import { BadCsv } from "./csv.ts";
import type { Invitations } from "./invitations.ts";
import { hashPassword } from "./password.ts";
import type { Sessions } from "./sessions.ts";
import type { SipAccounts } from "./sip-accounts.ts";

export interface AdminAgentsParts {
  readonly agents: AgentStore;
  readonly sessions: Sessions;
  readonly invitations: Invitations;
  readonly sipAccounts: SipAccounts;
  readonly audit: Audit;
  readonly publicUrl: string;
}

const passwordSchema = v.strictObject({ password: v.nullable(v.pipe(v.string(), v.minLength(10), v.maxLength(1_000))) });

/** `/api/admin/agents`, for the administrator's token alone. `{crmUser}` is the CRM's own id of the user. */
export function adminAgentRoutes(parts: AdminAgentsParts): Hono<Env> {
  const { agents, sessions, audit } = parts;
  const agentOf = async (crmUser: string): Promise<Agent> => {
    const agent = await agents.byCrmUser(cleanText(crmUser));
    if (!agent) throw new GatewayError("not-found", "no agent is mapped to this user");
    return agent;
  };
  return new Hono<Env>()
    .get("/csv", async (context) =>
      context.body(formatAgentCsv(await agents.all()), 200, {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="agents.csv"',
      }),
    )
    .put("/csv", async (context) => {
      const result = await importAgents(parts, cleanText(await context.req.text()));
      await audit.add("agents-imported", null, `${result.succeeded} of ${result.total}`);
      return context.json(result);
    })
    .put("/:crmUser/password", async (context) => {
      const agent = await agentOf(context.req.param("crmUser"));
      const { password } = await readBody(context, passwordSchema);
      await agents.setPasswordHash(agent.id, password === null ? null : await hashPassword(password));
      await sessions.endAllOf(agent.id);
      await audit.add("password-set", null, agent.id);
      return context.body(null, 204);
    })
    .put("/:crmUser/sip-account", async (context) => {
      const agent = await agentOf(context.req.param("crmUser"));
      await parts.sipAccounts.set(agent.id, await readBody(context, sipAccountSchema));
      await audit.add("sip-account-set", null, agent.id);
      return context.body(null, 204);
    })
    .post("/:crmUser/invitations", async (context) => {
      const agent = await agentOf(context.req.param("crmUser"));
      const { token, expiresAt } = await parts.invitations.create(agent.id);
      await audit.add("invitation-created", null, agent.id);
      // In the fragment, which no browser sends to any server.
      return context.json({ link: `${parts.publicUrl}/#invitation=${token}`, expiresAt }, 201);
    });
}

/** As the mapping screens report it: total, successful and failed records, and the reason for each failure. */
interface ImportResult {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

async function importAgents({ agents, sessions }: AdminAgentsParts, file: string): Promise<ImportResult> {
  const lines = readFile(file);
  const problems: { line: number; problem: string }[] = [];
  for (const entry of lines) {
    if ("problem" in entry) {
      problems.push(entry);
      continue;
    }
    try {
      const agent = await agents.save(entry.changes);
      if (!agent.active) await sessions.endAllOf(agent.id);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      problems.push({ line: entry.line, problem: error.message });
    }
  }
  return { total: lines.length, succeeded: lines.length - problems.length, failed: problems.length, problems };
}

function readFile(file: string): ReturnType<typeof readAgentCsv> {
  try {
    return readAgentCsv(file);
  } catch (error) {
    if (error instanceof BadCsv || error instanceof UnknownColumn) throw new GatewayError("invalid-request", error.message);
    throw error;
  }
}
