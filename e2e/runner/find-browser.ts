import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/**
 * A Chromium to test in: the one that `CHROMIUM_PATH` names, Playwright's own, one of this machine, else one installed
 * now without asking (Debian's where this is root's machine, else Playwright's).
 *
 * @returns the path of its executable; `null` where there is none and none could be installed.
 */
export function findBrowser(say: (line: string) => void): string | null {
  const named = process.env["CHROMIUM_PATH"];
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which cannot be executed.`);
  }
  return installed() ?? install(say);
}

/** Where a program of this name is in `PATH`; `null` where it is not. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function installed(): string | null {
  const own = chromium.executablePath();
  if (isExecutable(own)) return own;
  for (const name of NAMES) {
    const path = findProgram(name);
    if (path) return path;
  }
  return ELSEWHERE.find(isExecutable) ?? null;
}

function install(say: (line: string) => void): string | null {
  if (process.getuid?.() === 0 && findProgram("apt-get")) {
    say("No Chromium on this machine: installing Debian's …");
    run("apt-get", ["update", "-q"]);
    run("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"]);
  }
  if (!installed()) {
    say("No Chromium on this machine: fetching Playwright's …");
    run("npx", ["--no-install", "playwright", "install", "chromium"]);
  }
  return installed();
}

function run(command: string, args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], env, shell: process.platform === "win32" });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path !== "";
  } catch {
    return false;
  }
}
