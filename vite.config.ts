import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { asciiOnlyPlugin } from "./scripts/ascii-only.ts";
import { leanSipjsPlugin } from "./scripts/lean-sipjs.ts";
import { vendorTransforms } from "./scripts/vendor-transforms.ts";

const sdk = {
  outDir: "dist",
  emptyOutDir: false,
  copyPublicDir: false,
  target: "es2022",
  // Nobody asks the library what kind of object it is.
  rolldownOptions: { output: { generatedCode: { symbols: false } } },
  lib: {
    entry: "src/sdk/index.ts",
    name: "Softphone",
    formats: ["es" as const, "iife" as const],
    fileName: (format: string) => (format === "es" ? "softphone.mjs" : "softphone.js"),
  },
};

/** The library's types, for the page that loads `softphone.js` (`softphone.d.ts`) or `softphone.mjs` (`softphone.d.mts`). */
const sdkTypes = {
  name: "sdk-types",
  generateBundle(
    this: { emitFile(file: { type: "asset"; fileName: string; source: string }): void },
    { format }: { format: string },
  ): void {
    const source = readFileSync("src/sdk/softphone.d.ts", "utf8");
    this.emitFile({ type: "asset", fileName: format === "es" ? "softphone.d.mts" : "softphone.d.ts", source });
  },
};

/** What several chunks need and the sign-in screen does not: some of it is a few hundred bytes. */
const SHARED = /rolldown.runtime|src\/(lib\/emitter|ui\/copy|hosts\/command-inbox|protocol\/host|engines\/shared\/(?!ice-server))/;

const widget = {
  outDir: "dist",
  emptyOutDir: true,
  target: "es2022",
  // Small sounds inlined as `data:` would break the `media-src` of the content security policy.
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  rolldownOptions: {
    output: {
      codeSplitting: {
        includeDependenciesRecursively: false,
        // Each request takes its time, and a call that goes on after a reload waits for all of them.
        groups: [{ name: "shared", test: SHARED }],
      },
    },
  },
};

export default defineConfig(({ mode }) => ({
  build: mode === "sdk" ? sdk : widget,
  plugins: mode === "sdk" ? [sdkTypes] : [vendorTransforms(), leanSipjsPlugin(), asciiOnlyPlugin()],
  // The development server bundles dependencies beforehand, without the plugins above.
  optimizeDeps: { rolldownOptions: { plugins: [vendorTransforms(), leanSipjsPlugin()] } },
  assetsInclude: ["**/*.wav"],
  test: {
    include: ["src/**/*.test.{ts,tsx}", "sandbox/**/*.test.ts", "gateway/**/*.test.ts", "scripts/**/*.test.ts"],
    environment: "node",
    restoreMocks: true,
    // Those with a database of their own take seconds on a small machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
}));
