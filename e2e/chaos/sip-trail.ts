import type { World } from "./world.ts";

/** Newest last, enough for a call that was lost a minute ago. */
const LINES = 80;

/** What the exchange and this agent's phones said to each other last: a line for each message, of its body the direction alone. */
export async function sipTrail({ agent, sandbox }: World): Promise<string> {
  const log = await sandbox.control.sipLog();
  return log
    .filter((entry) => entry.agent === agent.user)
    .slice(-LINES)
    .map(({ at, direction: way, message }) => {
      const [start = ""] = message.split("\r\n", 1);
      const header = (name: string): string => new RegExp(`^${name}: *(.*)$`, "im").exec(message)?.[1]?.trim() ?? "";
      const direction = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(message)?.[1] ?? "";
      return `${new Date(at).toISOString().slice(11, 23)} ${way} ${start.slice(0, 60)} | ${header("CSeq")} | ${header("Call-ID").slice(0, 8)} ${direction}`;
    })
    .join("\n");
}
