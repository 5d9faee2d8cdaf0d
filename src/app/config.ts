import { readConfig } from "../protocol/config.ts";
import type { Config } from "../protocol/config.ts";

/** `missing`: worth another try. `broken`: `problems` are sentences for the administrator, each naming its key. */
export type LoadedConfig =
  | { readonly kind: "loaded"; readonly config: Config; readonly text: string }
  | { readonly kind: "missing"; readonly problem: string }
  | { readonly kind: "broken"; readonly problems: readonly string[] };

/** Reads `config.json`. */
export async function loadConfig(url: string, send: typeof fetch): Promise<LoadedConfig> {
  let text: string;
  try {
    const response = await send(url, { credentials: "same-origin" });
    if (!response.ok) return { kind: "missing", problem: `the server answered ${response.status}` };
    text = await response.text();
  } catch {
    return { kind: "missing", problem: "the server did not answer" };
  }
  return readConfigText(text);
}

export function readConfigText(text: string): LoadedConfig {
  try {
    const result = readConfig(JSON.parse(text));
    return result.ok ? { kind: "loaded", config: result.config, text } : { kind: "broken", problems: result.problems };
  } catch (error) {
    return { kind: "broken", problems: [`not valid JSON: ${error instanceof Error ? error.message : "unknown"}`] };
  }
}
