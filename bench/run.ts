import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser } from "../e2e/runner/find-browser.ts";
import { createSandbox, type Sandbox } from "../sandbox/sandbox.ts";
import { account } from "../sandbox/exotel-api/account.ts";
import { type Browser, launchBrowser, type Page } from "./devtools.ts";
import { option } from "./option.ts";
import { buildPage, configure, servePage } from "./pages.ts";
import { limitRow, machine, plainRow, ratioRow, type Row, table } from "./report.ts";
import { loadedUntilNow } from "./sizes.ts";
import { spread } from "./statistics.ts";
import { type CallTimes, growth, longFrames, oneCall, openReady, type Subject, timeToRegistered, watching } from "./steps.ts";
import { plainSubject, widgetSubject } from "./subjects.ts";

/**
 * `npm run bench [-- --rounds=9 --calls=50 --only=load,calls,memory,throttle]`: the built widget in its CRM page and the
 * bare SDK page, side by side in one run, alternating, in one browser, against the sandbox.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const rounds = Number(option("rounds", "9"));
const calls = Number(option("calls", "50"));
const only = option("only", "load,calls,memory,throttle").split(",");
const probe = readFileSync(new URL("./probe.js", import.meta.url), "utf8");

await main();

async function main(): Promise<void> {
  if (!existsSync(join(root, "dist", "index.html"))) throw new Error("The widget is not built. Run: npm run build");
  const executable = findBrowser(say);
  if (executable === null) throw new Error("No Chromium was found; set CHROMIUM_PATH.");
  const bareFolder = await buildPage("bare");
  const sandbox = await createSandbox();
  await configure(sandbox, "exotel");
  const barePage = await servePage(bareFolder);
  const browser = await launchBrowser(executable);
  try {
    const rows = await measure(browser, sandbox, bareFolder, barePage.origin);
    say(`\n${machine(await browser.version())}; medians (minimum–maximum) of ${rounds}\n\n${table(rows)}`);
    if (rows.some((row) => !row.reached)) process.exitCode = 1;
  } finally {
    await browser.close();
    await barePage.stop();
    await sandbox.close();
    rmSync(bareFolder, { recursive: true });
  }
}

async function measure(browser: Browser, sandbox: Sandbox, bareFolder: string, bareOrigin: string): Promise<Row[]> {
  const [first, second] = sandbox.network.agents();
  if (!first || !second) throw new Error("the sandbox has no two agents");
  const bare = plainSubject("bare SDK page", bareOrigin, sandbox.addresses, first, account.voipDomain);
  const widget = widgetSubject(sandbox.addresses, second, account.voipDomain);
  const rows: Row[] = [];
  const page = ({ ready }: Subject) => browser.page([probe, watching("ready", ready)]);
  const pages = { bare: await page(bare), widget: await page(widget) };
  await widget.prepare(pages.widget);
  if (only.includes("load")) rows.push(...(await bytes(browser, bare, widget, bareFolder)), await load(pages, bare, widget));
  if (only.includes("calls")) rows.push(...(await callTimes(pages, bare, widget, sandbox)));
  if (only.includes("memory")) rows.push(...(await memory(pages, bare, widget, sandbox)));
  await Promise.all([pages.bare.close(), pages.widget.close()]);
  if (only.includes("throttle")) rows.push(await throttled(browser, widget, sandbox));
  return rows;
}

interface Pages {
  readonly bare: Page;
  readonly widget: Page;
}

async function bytes(browser: Browser, bare: Subject, widget: Subject, bareFolder: string): Promise<Row[]> {
  const bareLoaded = await withPage(browser, async (page) => loadedUntilNow(await openReady(page, bare), bareFolder));
  const dist = join(root, "dist");
  const atSignIn = await withPage(browser, async (page) => {
    const session = await widget.open(page);
    // Read in the page at the moment it is true: a moment later the rest of the phone is on its way.
    await session.until(`__probe.marks.signIn`);
    return loadedUntilNow(session, dist, "__probe.marks.signIn");
  });
  const registered = await withPage(browser, async (page) => {
    await widget.prepare(page);
    return loadedUntilNow(await openReady(page, widget), dist);
  });
  const kB = (count: number) => count / 1000;
  const bareText = `${kB(bareLoaded.scriptsAndStyles).toFixed(1)} kB`;
  const engine = registered.files.filter((file) => /\/engine-/.test(file.path)).reduce((sum, file) => sum + file.size, 0);
  return [
    limitRow("JS and CSS until the sign-in screen is usable, gzip", bareText, kB(atSignIn.scriptsAndStyles), 40, "kB"),
    limitRow("the same with the engine's chunk, gzip", bareText, kB(atSignIn.scriptsAndStyles + engine), 110, "kB"),
    plainRow("all JS and CSS of a registered phone in a CRM page, gzip", bareText, `${kB(registered.scriptsAndStyles).toFixed(1)} kB`),
    limitRow("sounds, gzip", `${kB(bareLoaded.sounds).toFixed(1)} kB`, kB(registered.sounds), 0, "kB"),
  ];
}

async function withPage<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const page = await browser.page([probe, watching("signIn", `__probe.button("Sign in")`)]);
  try {
    return await use(page);
  } finally {
    await page.close();
  }
}

async function load(pages: Pages, bare: Subject, widget: Subject): Promise<Row> {
  const times = { bare: [] as number[], widget: [] as number[] };
  // The first of each fills the caches and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    const one = { bare: await timeToRegistered(pages.bare, bare), widget: await timeToRegistered(pages.widget, widget) };
    if (round > 0) times.bare.push(one.bare.shown);
    if (round > 0) times.widget.push(one.widget.shown);
  }
  return ratioRow("navigation of the phone's document to registered, stored account, ms", spread(times.bare), spread(times.widget), 0.35);
}

async function callTimes(pages: Pages, bare: Subject, widget: Subject, sandbox: Sandbox): Promise<Row[]> {
  const sessions = { bare: await openReady(pages.bare, bare), widget: await openReady(pages.widget, widget) };
  const times = { bare: [] as CallTimes[], widget: [] as CallTimes[] };
  for (let round = 0; round <= rounds; round += 1) {
    const one = {
      bare: await oneCall(sessions.bare, bare, sandbox.network, 1_000),
      widget: await oneCall(sessions.widget, widget, sandbox.network, 1_000),
    };
    if (round > 0) times.bare.push(one.bare);
    if (round > 0) times.widget.push(one.widget);
  }
  const row = (what: string, pick: (times: CallTimes) => number) =>
    ratioRow(what, spread(times.bare.map(pick)), spread(times.widget.map(pick)), 0.5);
  const stored = spread(times.widget.map((call) => call.storedBytes));
  const bareStored = spread(times.bare.map((call) => call.storedBytes));
  return [
    row("INVITE frame to popup in the DOM, ms", (call) => call.popup),
    row("answer click to 200 OK, ms", (call) => call.answered),
    row("hang-up click to BYE, ms", (call) => call.bye),
    limitRow("written to localStorage in a call", `${bareStored.median.toFixed(0)} bytes`, stored.maximum, 0, "bytes", 0),
  ];
}

async function memory(pages: Pages, bare: Subject, widget: Subject, sandbox: Sandbox): Promise<Row[]> {
  const sessions = { bare: await openReady(pages.bare, bare), widget: await openReady(pages.widget, widget) };
  const bareGrowth = await growth(sessions.bare, bare, sandbox.network, calls);
  const widgetGrowth = await growth(sessions.widget, widget, sandbox.network, calls);
  const kB = (count: number) => count / 1000;
  return [
    limitRow(
      `heap growth a call over ${calls} calls`,
      `${kB(bareGrowth.heapBytesPerCall).toFixed(1)} kB`,
      kB(widgetGrowth.heapBytesPerCall),
      kB(bareGrowth.heapBytesPerCall) + 1,
      "kB",
    ),
    limitRow(
      "listeners left a call",
      bareGrowth.listenersPerCall.toFixed(2),
      widgetGrowth.listenersPerCall,
      bareGrowth.listenersPerCall,
      "",
      2,
    ),
    limitRow(
      "DOM nodes left a call",
      bareGrowth.nodesPerCall.toFixed(2),
      widgetGrowth.nodesPerCall,
      Math.max(0.1, bareGrowth.nodesPerCall),
      "",
      2,
    ),
  ];
}

async function throttled(browser: Browser, widget: Subject, sandbox: Sandbox): Promise<Row> {
  const frames = await longFrames(browser, [probe], widget, sandbox.network);
  const own = frames.map((frame) =>
    frame.scripts.filter((script) => !/exotel|engine/.test(script.url)).reduce((sum, script) => sum + script.ms, 0),
  );
  const vendor = frames.length - own.filter((ms) => ms > 50).length;
  return limitRow(
    `long animation frames over 50 ms by our own files, 4 × CPU throttling (${vendor} others)`,
    "–",
    own.filter((ms) => ms > 50).length,
    0,
    "",
    0,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
