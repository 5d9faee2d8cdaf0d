import { readFile } from "node:fs/promises";
import { BadConfiguration, readConfiguration } from "./config/read-config.ts";
import { startGateway } from "./start-gateway.ts";

/** `npm run gateway`: reads `gateway.json` (or the file that is named behind it) and serves until SIGTERM or SIGINT. */
const file = process.argv[2] ?? "gateway.json";

try {
  const gateway = await startGateway(readConfiguration(await readJson(file), process.env));
  let ending = false;
  const end = (): void => {
    // The second signal does not wait.
    if (ending) process.exit(1);
    ending = true;
    void gateway.stop().then(() => process.exit(0));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
} catch (error) {
  const words = error instanceof BadConfiguration ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${words}\n`);
  process.exit(1);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new BadConfiguration([`${path}: there is no such file; docs/operate.md says what belongs in it`]);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadConfiguration([`${path}: is not JSON (${error instanceof Error ? error.message.replace(/".*"/, "…") : "unreadable"})`]);
  }
}
