import type { Plugin } from "vite";

/**
 * Code without a character outside ASCII. One "…" makes a browser keep and read a whole file with two bytes for each
 * character; written as an escape it says the same, in a text, a pattern or a name.
 */
export function asciiOnly(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function asciiOnlyPlugin(): Plugin {
  return {
    name: "ascii-only",
    // After everything else: what shortens the code writes escapes as characters.
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) if (file.type === "chunk") file.code = asciiOnly(file.code);
      },
    },
  };
}
