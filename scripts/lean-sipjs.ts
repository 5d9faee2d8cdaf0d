import type { Plugin } from "vite";
import { decodeOnce } from "./decode-once.ts";

/**
 * What of sip.js is left out of the page: 8 kB gzip. Its `UserAgent` names a transport and a description handler as
 * defaults, so that no bundler can see that the engine brings its own; and its log is switched off.
 */
const REPLACED: Readonly<Record<string, string>> = {
  "/sip.js/lib/platform/web/transport/transport.js": "export class Transport {}",
  "/sip.js/lib/platform/web/session-description-handler/session-description-handler-factory-default.js":
    "export function defaultSessionDescriptionHandlerFactory() {}",
};

/** A whole line that logs a text or a value and does nothing else. */
const LOG_LINE = /^[ \t]*(?:this\.)?logger\.(?:debug|log|warn|error)\((?:"[^"\n]*"|`[^`\n]*`|[\w.]+)\);[ \t]*$/gm;

export function leanSipjs(id: string, code: string): string {
  const path = id.replaceAll("\\", "/").split("?")[0] ?? "";
  if (!path.includes("/sip.js/lib/")) return code;
  if (path.endsWith("/grammar/pegjs/dist/grammar.js")) return decodeOnce(code);
  const replaced = Object.entries(REPLACED).find(([file]) => path.endsWith(file))?.[1];
  if (replaced !== undefined) return replaced;
  // Only as a statement of a block: what follows a bare `if` or a comment stays.
  return code.replace(LOG_LINE, (line: string, offset: number) => (/[{};]\s*$/.test(code.slice(0, offset)) ? "" : line));
}

export function leanSipjsPlugin(): Plugin {
  return {
    name: "lean-sipjs",
    enforce: "pre",
    transform(code, id) {
      const changed = leanSipjs(id, code);
      return changed === code ? null : { code: changed, map: null };
    },
  };
}
