import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser } from "../../e2e/runner/find-browser.ts";
import { account } from "../../sandbox/exotel-api/account.ts";
import type { Agent } from "../../sandbox/network/network.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Browser, launchBrowser, type Page, type Session } from "../devtools.ts";
import { option } from "../option.ts";
import { buildPage, configure, servePage } from "../pages.ts";
import { quiet } from "../quiet.ts";
import { machine, markdown } from "../report.ts";
import { type Loaded, loadedUntilNow } from "../sizes.ts";
import { type CallTimes, oneCall, openReady, type StartTimes, type Subject, timeToRegistered, watching } from "../steps.ts";
import { ownPageSubject, plainSubject, widgetSubject } from "../subjects.ts";
import { type Figures, KEYS, rowsOf } from "./figures.ts";

/**
 * `npm run bench:sipjs [-- --rounds=15]`: the built widget with the engine `sipjs`, on its own page and in its CRM page,
 * beside three plain pages: by hand without any library (the limit), on sip.js's `SimpleUser`, and on Exotel's SDK. Side
 * by side in one run, alternating, in one browser, against the sandbox.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));
const rounds = Number(option("rounds", "15"));
const probe = readFileSync(new URL("../probe.js", import.meta.url), "utf8");

await main();

async function main(): Promise<void> {
  if (!existsSync(join(root, "dist", "index.html"))) throw new Error("The widget is not built. Run: npm run build");
  const executable = findBrowser(say);
  if (executable === null) throw new Error("No Chromium was found; set CHROMIUM_PATH.");
  const undo: (() => Promise<void> | void)[] = [];
  try {
    const sandbox = await createSandbox();
    undo.push(sandbox.close);
    await configure(sandbox, "sipjs");
    const origins: string[] = [];
    for (const name of ["limit", "minimal", "bare"] as const) {
      const folder = await buildPage(name);
      undo.push(() => rmSync(folder, { recursive: true }));
      const served = await servePage(folder);
      undo.push(served.stop);
      origins.push(served.origin);
    }
    const browser = await launchBrowser(executable);
    undo.push(browser.close);
    const figures = await measure(browser, sandbox, subjectsOf(sandbox, origins));
    const rows = rowsOf(figures);
    const head = [
      "measured",
      "limit",
      "minimal sip.js page",
      "bare SDK page",
      "widget, own page",
      "widget in its CRM page",
      "to reach",
      "",
    ];
    say(
      `\n${machine(await browser.version())}; medians (minimum–maximum) of ${rounds}\n\n${markdown(
        head,
        rows.map(({ cells }) => cells),
      )}`,
    );
    if (rows.some(({ reached }) => !reached)) process.exitCode = 1;
  } finally {
    for (const end of undo.toReversed()) await end();
  }
}

/** In the order of `KEYS`. */
function subjectsOf(sandbox: Sandbox, origins: readonly string[]): Subject[] {
  const { addresses, network } = sandbox;
  const agent = (number: number): Agent => {
    const user = `bench${number}`;
    network.setAgent(user, `bench-${number}`, `Agent ${number}`);
    const found = network.agents().find((each) => each.user === user);
    if (!found) throw new Error("the sandbox does not keep an agent");
    return found;
  };
  const plain = ["limit", "minimal sip.js page", "bare SDK page"].map((name, index) =>
    plainSubject(name, origins[index] ?? "", addresses, agent(index), account.voipDomain),
  );
  return [...plain, ownPageSubject(addresses, agent(3), account.voipDomain), widgetSubject(addresses, agent(4), account.voipDomain)];
}

interface Stage {
  readonly subject: Subject;
  readonly page: Page;
  readonly opened: () => Promise<Page>;
  readonly inNewTab: StartTimes[];
  readonly again: StartTimes[];
  readonly calls: CallTimes[];
}

async function measure(browser: Browser, sandbox: Sandbox, subjects: readonly Subject[]): Promise<Figures> {
  const stages: Stage[] = [];
  for (const subject of subjects) {
    const context = await browser.context();
    // Nothing else is watched for: to look whether a button is there makes the page lay itself out.
    const opened = () => context.page([probe, watching("ready", subject.ready)]);
    const page = await opened();
    await subject.prepare(page);
    stages.push({ subject, page, opened, inNewTab: [], again: [], calls: [] });
  }
  const loaded = await loadedBy(browser, stages[KEYS.indexOf("ownPage")]?.subject);
  // Or a new tab would be one more of the same phone.
  for (const { page } of stages) await page.navigate("about:blank");
  await inTurn(stages, async ({ subject, opened, inNewTab }) => {
    const tab = await opened();
    inNewTab.push(await timeToRegistered(tab, subject));
    await tab.close();
  });
  await inTurn(stages, async ({ subject, page, again }) => void again.push(await timeToRegistered(page, subject)));
  const sessions = new Map<Stage, Session>();
  for (const stage of stages) sessions.set(stage, await openReady(stage.page, stage.subject));
  await inTurn(stages, async (stage) => {
    const session = sessions.get(stage);
    if (!session) throw new Error("a page has no session");
    await quiet();
    stage.calls.push(await oneCall(session, stage.subject, sandbox.network, 1_000));
  });
  // The first of each fills the caches and does not count.
  const series = stages.map(({ inNewTab, again, calls }) => ({
    inNewTab: inNewTab.slice(1),
    again: again.slice(1),
    calls: calls.slice(1),
  }));
  return { series, ...loaded };
}

async function inTurn(stages: readonly Stage[], measured: (stage: Stage) => Promise<void>): Promise<void> {
  for (let round = 0; round <= rounds; round += 1) for (const stage of stages) await measured(stage);
}

/** What the phone on its own page loads: until it can sign in, and until it is registered. */
async function loadedBy(browser: Browser, subject: Subject | undefined): Promise<Pick<Figures, "atSignIn" | "registered">> {
  if (!subject) throw new Error("there is no phone on its own page");
  const page = await browser.page([probe, watching("ready", subject.ready), watching("signIn", `__probe.button("Sign in")`)]);
  const dist = join(root, "dist");
  try {
    const session = await subject.open(page);
    await session.until("__probe.marks.signIn");
    const atSignIn: Loaded = await loadedUntilNow(session, dist, "__probe.marks.signIn");
    await subject.prepare(page);
    const registered = await loadedUntilNow(await openReady(page, subject), dist);
    return { atSignIn, registered };
  } finally {
    await page.close();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
