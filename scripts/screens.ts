import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import { createServer } from "vite";
import { SCENE_NOW } from "../src/ui/stories/scene-parts.ts";
import { SCENES } from "../src/ui/stories/scenes.ts";

/**
 * `npm run screens [-- part-of-a-name]`: a picture of every state × size × theme, one sheet per theme, and what axe has
 * to say. Ends with 1 where axe or the layout (text that sticks out, a target that is too small) has something to say.
 */
const SIZES = [
  { name: "compact", width: 320, height: 360 },
  { name: "panel", width: 400, height: 600 },
  { name: "page", width: 1280, height: 800 },
] as const;
const THEMES = ["light", "dark"] as const;
const FOLDER = new URL("../screens/", import.meta.url);
const PORT = Number(process.env["SCREENS_PORT"] ?? 5250);

type Size = (typeof SIZES)[number];
type Theme = (typeof THEMES)[number];

const wanted = process.argv.slice(2);
const scenes = [...Object.keys(SCENES), "config-broken", "engine-failed"].filter(
  (name) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
const problems: string[] = [];

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
const server = await createServer({
  root: fileURLToPath(new URL("..", import.meta.url)),
  server: { port: PORT, host: "127.0.0.1", hmr: false, watch: null },
  logLevel: "error",
});
await server.listen();
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking"],
});
try {
  for (const theme of THEMES) {
    await Promise.all(SIZES.map((size) => drawAll(browser, size, theme)));
    await drawSheet(browser, theme);
  }
} finally {
  await browser.close();
  await server.close();
}
process.stdout.write(`${scenes.length} states × ${SIZES.length} sizes × ${THEMES.length} themes in ${fileURLToPath(FOLDER)}\n`);
for (const problem of new Set(problems)) process.stdout.write(`  ${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

async function drawAll(on: Browser, size: Size, theme: Theme): Promise<void> {
  const context = await on.newContext({
    viewport: { width: size.width, height: size.height },
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  for (const scene of scenes) await draw(context, scene, size, theme);
  await context.close();
}

async function draw(context: BrowserContext, scene: string, size: Size, theme: Theme): Promise<void> {
  const page = await context.newPage();
  const label = `${scene} ${size.name} ${theme}`;
  page.on("pageerror", (error) => problems.push(`${label}: ${error.message}`));
  await page.clock.setFixedTime(SCENE_NOW);
  await page.goto(`http://127.0.0.1:${PORT}/scripts/screens/stage.html?scene=${scene}`);
  await page.locator("#phone > *").waitFor();
  // What a scene waits for is its picture; what its code or its history waits for comes.
  await page.waitForFunction(() => document.querySelector(".late, .history-foot[aria-busy=true]") === null);
  for (const name of SCENES[scene]?.clicks ?? []) {
    const exact = page.getByRole("button", { name: new RegExp(`^${name}\\b|^${name}$`) });
    await exact.first().click();
  }
  await page.mouse.move(0, 0);
  await page.screenshot({ path: fileURLToPath(new URL(`${theme}-${size.name}-${scene}.png`, FOLDER)) });
  for (const complaint of await page.evaluate(findLayoutFaults)) problems.push(`${label}: ${complaint}`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const violation of violations) {
    problems.push(`${label}: axe ${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }
  await page.close();
}

/** Runs in the page: what a person would see as clipped, too small or outside. */
function findLayoutFaults(): string[] {
  const faults: string[] = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
  const ringing = document.querySelector(".ringing");
  const isCovered = (element: Element) => ringing !== null && !ringing.contains(element) && !element.closest(".status");
  for (const element of document.querySelectorAll<HTMLElement>("button, select, input:not([type=radio], [type=checkbox])")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || isCovered(element)) continue;
    const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
    const framed = element.closest(".box")?.getBoundingClientRect() ?? box;
    if (Math.min(framed.height, framed.width) < 38)
      faults.push(`${name}: ${Math.round(box.width)} × ${Math.round(box.height)} is a small target`);
    if (element.scrollWidth > element.clientWidth + 1 && element.tagName === "BUTTON") faults.push(`${name}: text sticks out`);
    if (box.right > innerWidth + 1) faults.push(`${name}: outside the window`);
  }
  for (const element of document.querySelectorAll<HTMLElement>(".ringing, .stage, .call, .dialpad, .phone, .ringing-who")) {
    if (element.scrollHeight > element.clientHeight + 1)
      faults.push(`.${element.className}: ${element.scrollHeight - element.clientHeight} px too high`);
  }
  return faults;
}

async function drawSheet(on: Browser, theme: Theme): Promise<void> {
  const page = await on.newPage({ viewport: { width: 1_500, height: 1_000 }, colorScheme: theme });
  const rows = scenes.map((scene) => {
    const pictures = SIZES.map(
      (size) => `<img src="${theme}-${size.name}-${scene}.png" width="${size.width * (size.name === "page" ? 0.45 : 0.9)}">`,
    );
    return `<section><h2>${scene}</h2>${pictures.join("")}</section>`;
  });
  const html = `<!doctype html><meta charset="utf-8"><title>Softphone, ${theme}</title><style>
    body { font: 14px system-ui; margin: 24px; background: ${theme === "dark" ? "#000" : "#d9dbe0"}; color: ${theme === "dark" ? "#fff" : "#000"} }
    section { display: flex; gap: 24px; align-items: flex-start; margin-bottom: 32px } h2 { width: 120px; font-size: 14px }
  </style>${rows.join("\n")}`;
  const file = new URL(`sheet-${theme}.html`, FOLDER);
  await writeFile(file, html);
  await page.goto(file.href);
  await page.screenshot({ path: fileURLToPath(new URL(`sheet-${theme}.png`, FOLDER)), fullPage: true });
  await page.close();
}
