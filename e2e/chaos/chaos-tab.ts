import type { Context } from "../../bench/devtools.ts";
import { openTab, type PhoneTab } from "../../bench/survive/phone-tab.ts";
import { ERRORS } from "../../src/ui/strings.ts";
import type { Sandbox } from "../support/start-sandbox.ts";
import type { Walk } from "./seeds.ts";

/** What one tab shows and holds at one moment. */
export interface Seen {
  readonly phase: "none" | "ringing" | "in-call" | "wrap-up";
  readonly status: string;
  readonly muted: boolean;
  readonly held: boolean;
  readonly note: string;
  readonly microphoneOpen: boolean;
  /** Says that what was clicked could not be done. */
  readonly refused: boolean;
}

export interface ChaosTab extends Pick<PhoneTab, "click" | "signIn"> {
  readonly name: string;
  /** `null` while the page is on its way. */
  look(): Promise<Seen | null>;
  write(note: string): Promise<void>;
  /** Takes away what was said before. */
  dismiss(): Promise<void>;
  reload(): Promise<void>;
  /** The renderer dies. A tab of its own is gone with it; a frame is left to its page. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Runs before the page's own scripts: the tracks that it has got from the microphone. */
const MICROPHONES = `
  window.__microphones = [];
  if (navigator.mediaDevices) {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      window.__microphones.push(...stream.getAudioTracks());
      return stream;
    };
  }
`;

const REFUSALS = [ERRORS["hold-refused"], ERRORS["not-possible-now"]];

const SCREEN = `(() => {
  const REFUSALS = ${JSON.stringify(REFUSALS)};
  const status = document.querySelector(".status-word")?.textContent ?? "";
  if (status === "") return null;
  const has = (name) => __probe.button(name) !== null;
  return {
    phase: has("Answer") ? "ringing" : has("Hang up") ? "in-call" : has("Save") ? "wrap-up" : "none",
    status,
    muted: has("Unmute"),
    held: has("Resume"),
    note: document.querySelector(".notes textarea")?.value ?? "",
    refused: REFUSALS.some((sentence) => document.body.innerText.includes(sentence)),
    microphoneOpen: window.__microphones.some((track) => track.readyState === "live"),
  };
})()`;

/** Not Playwright's: it loses sight of a frame whose renderer has died, also when the page has loaded it anew. */
export async function openChaosTab(
  context: Context,
  sandbox: Sandbox,
  place: Walk["place"],
  name: string,
  probe: string,
): Promise<ChaosTab> {
  const tab = await openTab(context, place, sandbox, `${probe}\n${MICROPHONES}`);
  const { page, phone } = tab;
  return {
    name,
    click: tab.click,
    signIn: tab.signIn,
    look: () => soon(phone().then((session) => session.evaluate<Seen | null>(SCREEN))),
    write: async (note) => {
      const typed = `(() => {
        const notes = document.querySelector(".notes textarea");
        if (!notes || notes.disabled) return false;
        notes.value = ${JSON.stringify(note)};
        notes.dispatchEvent(new Event("input", { bubbles: true }));
        return true;
      })()`;
      await tab.until(typed, "there is no note to write");
    },
    dismiss: async () => {
      const isGone = `(() => {
        const dismiss = __probe.button("Dismiss");
        dismiss?.click();
        return dismiss === null;
      })()`;
      await tab.until(isGone, "what was said before stays");
    },
    reload: async () => {
      const before = await (await phone()).evaluate<number>("performance.timeOrigin");
      await page.reload();
      await tab.until(`performance.timeOrigin > ${before}`, "the page did not come back");
    },
    kill: async () => {
      await page.crash(place === "crm" ? await phone() : undefined);
      if (place === "standalone") await page.close();
    },
    close: () => page.close(),
  };
}

/** The dead do not answer, not even with an error. */
function soon<T>(answer: Promise<T>): Promise<T | null> {
  return Promise.race([answer.catch(() => null), new Promise<null>((resolve) => setTimeout(resolve, 1_000, null))]);
}
