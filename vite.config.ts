import { defineConfig } from "vitest/config";

const sdk = {
  outDir: "dist",
  emptyOutDir: false,
  copyPublicDir: false,
  target: "es2022",
  lib: {
    entry: "src/sdk/index.ts",
    name: "Softphone",
    formats: ["es" as const, "iife" as const],
    fileName: (format: string) => (format === "es" ? "softphone.mjs" : "softphone.js"),
  },
};

const widget = {
  outDir: "dist",
  emptyOutDir: true,
  target: "es2022",
  // Small sounds inlined as `data:` would break the `media-src` of the content security policy.
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
};

export default defineConfig(({ mode }) => ({
  build: mode === "sdk" ? sdk : widget,
  assetsInclude: ["**/*.wav"],
  test: {
    include: ["src/**/*.test.{ts,tsx}", "sandbox/**/*.test.ts", "scripts/**/*.test.ts"],
    environment: "node",
    restoreMocks: true,
  },
}));
