import { readConfig } from "../protocol/config.ts";
import type { ConfigResult } from "../protocol/config.ts";

/** Reads `config.json`. Whatever goes wrong becomes a sentence for the administrator who is setting the phone up. */
export async function loadConfig(url: string, send: typeof fetch): Promise<ConfigResult> {
  let text: string;
  try {
    const response = await send(url, { credentials: "same-origin" });
    if (!response.ok) return problem(`${url} could not be loaded: the server answered ${response.status}`);
    text = await response.text();
  } catch {
    return problem(`${url} could not be loaded: the server did not answer`);
  }
  try {
    return readConfig(JSON.parse(text));
  } catch (error) {
    return problem(`${url} is not valid JSON: ${error instanceof Error ? error.message : "unknown"}`);
  }
}

function problem(sentence: string): ConfigResult {
  return { ok: false, problems: [sentence] };
}
