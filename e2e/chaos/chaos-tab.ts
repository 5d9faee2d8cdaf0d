import type { BrowserContext, Page } from "@playwright/test";
import { PhonePanel } from "../support/phone-panel.ts";
import type { Sandbox } from "../support/start-sandbox.ts";
import type { Walk } from "./seeds.ts";

declare global {
  /** Tracks that this page has got from the microphone. */
  var __microphones: MediaStreamTrack[];
}

/** What one tab shows and holds at one moment. */
export interface Seen {
  readonly phase: "none" | "ringing" | "in-call" | "wrap-up";
  readonly status: string;
  readonly muted: boolean;
  readonly held: boolean;
  readonly note: string;
  readonly microphoneOpen: boolean;
}

export interface ChaosTab {
  readonly name: string;
  readonly panel: PhonePanel;
  /** `null` while the page is on its way. */
  look(): Promise<Seen | null>;
  reload(): Promise<void>;
  /** The renderer dies. A tab of its own is gone with it; a frame is left to its page. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Before the first page of the context. */
export async function rememberMicrophones(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.__microphones = [];
    const { mediaDevices } = navigator;
    if (!mediaDevices) return;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      globalThis.__microphones.push(...stream.getAudioTracks());
      return stream;
    };
  });
}

export async function openChaosTab(context: BrowserContext, sandbox: Sandbox, place: Walk["place"], name: string): Promise<ChaosTab> {
  const page = await context.newPage();
  // Leaving with a call warns; this agent leaves all the same.
  page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
  await page.goto(place === "crm" ? sandbox.crm : sandbox.phone);
  const panel = new PhonePanel(page, sandbox.phone, place === "standalone");
  return {
    name,
    panel,
    look: () => look(panel),
    reload: async () => void (await page.reload()),
    kill: () => (place === "crm" ? killFrame(context, panel) : killPage(context, page)),
    close: () => page.close(),
  };
}

async function look(panel: PhonePanel): Promise<Seen | null> {
  try {
    return await answerSoon(panel.frame().evaluate(readScreen));
  } catch {
    return null; // between two documents
  }
}

/** Runs in the page. */
function readScreen(): Seen | null {
  const names = [...document.querySelectorAll("button")]
    .filter((button) => button.checkVisibility())
    .map((button) => (button.getAttribute("aria-label") ?? button.textContent ?? "").trim());
  const status = document.querySelector(".status-word")?.textContent ?? "";
  if (status === "") return null;
  const phase = names.includes("Answer") ? "ringing" : names.includes("Hang up") ? "in-call" : names.includes("Save") ? "wrap-up" : "none";
  return {
    phase,
    status,
    muted: names.includes("Unmute"),
    held: names.includes("Resume"),
    note: document.querySelector<HTMLTextAreaElement>(".notes textarea")?.value ?? "",
    microphoneOpen: globalThis.__microphones.some((track) => track.readyState === "live"),
  };
}

/** The dead do not answer, not even with an error. */
function answerSoon<T>(answer: Promise<T>): Promise<T | null> {
  return Promise.race([answer, new Promise<null>((resolve) => setTimeout(resolve, 1_000, null))]);
}

async function killPage(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  const died = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => undefined);
  await died;
  await page.close();
}

async function killFrame(context: BrowserContext, panel: PhonePanel): Promise<void> {
  const session = await context.newCDPSession(panel.frame());
  const died = new Promise<void>((resolve) => session.once("Inspector.targetCrashed", () => resolve()));
  await session.send("Inspector.enable");
  session.send("Page.crash").catch(() => undefined);
  await died;
}
