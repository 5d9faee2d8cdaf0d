import { account } from "./exotel-api/account.ts";
import { firstAgents } from "./agents.ts";
import { endOnSignals } from "./end-on-signals.ts";
import { PortTaken } from "./http/listen.ts";
import { createSandbox, NotBuilt, type Sandbox } from "./sandbox.ts";

/** `npm start` (with `--gateway`), and with `--dev` `npm run dev`. */
const dev = process.argv.includes("--dev");
const hasGateway = process.argv.includes("--gateway");

const closeWith = endOnSignals();

try {
  const sandbox = await createSandbox({ dev });
  const gateway = hasGateway ? await (await import("./demo-gateway.ts")).startDemoGateway(sandbox.addresses) : null;
  process.stdout.write(welcome(sandbox, gateway?.words ?? ""));
  closeWith(async () => {
    await gateway?.stop();
    await sandbox.close();
  });
} catch (error) {
  const known = error instanceof PortTaken || error instanceof NotBuilt;
  process.stderr.write(`\n${known ? error.message : String(error instanceof Error ? error.stack : error)}\n\n`);
  process.exit(1);
}

function welcome({ addresses }: Sandbox, gateway: string): string {
  const agent = firstAgents[0];
  return `
  The phone rings in a CRM${dev ? " (Vite's server; changes show at once)" : ""}

  Open            ${addresses.crm}
  and click       "Sign in from the CRM", then "Ring the agent"

  To type instead, in the softphone's form:
    SIP ID        sip:${agent?.user}
    SIP password  ${agent?.password}
    VoIP domain   ${account.voipDomain}
    VoIP proxy    ${addresses.sipProxy}

  Phone alone     ${addresses.phone}
  Exotel's API    ${addresses.api}/v1/Accounts/${account.sid}/Calls/connect
  Control         ${addresses.control}   (sandbox/README.md)
${gateway}
  Ctrl+C ends it.

`;
}
