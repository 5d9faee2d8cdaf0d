import { expect, type Frame, type FrameLocator, type Locator, type Page } from "@playwright/test";
import { ERRORS, GATEWAY_SIGN_IN } from "../../src/ui/strings.ts";
import { type Sound, soundOf } from "./peers.ts";

declare global {
  /** Words of the status line with the time at which they came; only where they are recorded. */
  var __statuses: { word: string; at: number }[];
}

/** What an agent types to sign in. */
export interface Account {
  readonly user: string;
  readonly password: string;
  readonly domain: string;
  /** VoIP proxy, `host:port`. */
  readonly proxy: string;
}

/** The phone as an agent sees it: by the names of what is on the screen. */
export class PhonePanel {
  readonly page: Page;
  readonly origin: string;
  readonly view: FrameLocator | Page;

  /** `origin`: where the phone's page comes from. It is looked for in the frames of `page`, or is `page` itself. */
  constructor(page: Page, origin: string, standalone = false) {
    this.page = page;
    this.origin = origin;
    this.view = standalone ? page : page.frameLocator(`iframe[src^="${origin}"]`);
  }

  frame(): Frame {
    const frame = this.page.frames().find((candidate) => candidate.url().startsWith(this.origin));
    if (!frame) throw new Error("the page has no phone in it");
    return frame;
  }

  button(name: string | RegExp): Locator {
    return this.view.getByRole("button", { name, exact: typeof name === "string" });
  }
  text(text: string | RegExp): Locator {
    return this.view.getByText(text);
  }
  /** The control, a button or a field, of this accessible name. */
  control(name: RegExp): Locator {
    const view = this.view;
    const field = view.getByRole("textbox", { name });
    const choice = view.getByRole("radio", { name });
    return view.getByRole("button", { name }).or(field).or(choice).or(view.getByRole("combobox", { name })).first();
  }
  get status(): Locator {
    return this.view.getByRole("status").first();
  }
  get notes(): Locator {
    return this.view.getByRole("textbox", { name: /notes/i });
  }

  async signIn(account: Account): Promise<void> {
    await this.view.getByLabel(/SIP ID/i).fill(`sip:${account.user}`);
    await this.view.getByRole("textbox", { name: /SIP password/i }).fill(account.password);
    await this.view.getByLabel(/VoIP domain/i).fill(account.domain);
    await this.view.getByLabel(/VoIP proxy/i).fill(account.proxy);
    await this.button("Sign in").click();
  }
  /** Where a gateway knows the agents. */
  async signInByName({ user, password }: Pick<Account, "user" | "password">): Promise<void> {
    await this.view.getByLabel(GATEWAY_SIGN_IN.user).fill(user);
    await this.view.getByRole("textbox", { name: GATEWAY_SIGN_IN.password }).fill(password);
    await this.button("Sign in").click();
  }
  async expectReady(): Promise<void> {
    await expect(this.status).toHaveText("Ready", { timeout: 15_000 });
  }
  /** From now on keeps every word of the status line: one that stands for a moment only is missed by looking now and then. */
  async recordStatus(): Promise<{ sinceStart(word: string): Promise<number> }> {
    const start = Date.now();
    await this.frame().evaluate(() => {
      globalThis.__statuses = [];
      const look = (): void => {
        const word = document.querySelector("[role=status]")?.textContent ?? "";
        if (globalThis.__statuses.at(-1)?.word !== word) globalThis.__statuses.push({ word, at: Date.now() });
      };
      look();
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    return {
      /** Milliseconds from the beginning of the recording until this word came. */
      sinceStart: async (word) => {
        const find = () =>
          this.frame().evaluate((wanted) => globalThis.__statuses.find((status) => status.word === wanted)?.at ?? null, word);
        await expect.poll(find, { message: `the status says ${word}` }).not.toBeNull();
        return ((await find()) ?? 0) - start;
      },
    };
  }
  async expectCredentialsRefused(): Promise<void> {
    await expect(this.text(ERRORS["credentials-refused"]).first()).toBeVisible();
  }
  async openCalls(): Promise<void> {
    await this.button(/^calls/i).click();
  }
  async expectRinging(): Promise<void> {
    await expect(this.button("Answer")).toBeVisible();
  }
  async answer(): Promise<void> {
    await this.button("Answer").click();
    await this.expectInCall();
  }
  async expectInCall(): Promise<void> {
    await expect(this.button("Hang up")).toBeVisible();
    await expect(this.button("Mute")).toBeEnabled();
  }
  /** After a reload: the call that was up is up, and says nothing of how that came about. */
  async expectInCallAgain(status: "On a call" | "On hold" = "On a call"): Promise<void> {
    await expect(this.button("Hang up")).toBeVisible();
    await expect(this.status).toHaveText(status);
  }
  /** Hangs up the call in front, behind which another one is held. */
  async hangUpFront(): Promise<void> {
    await this.button("Hang up").click();
    await expect(this.button("Swap")).toBeHidden();
  }
  async hangUp(): Promise<void> {
    await this.button("Hang up").click();
    await expect(this.button("Hang up")).toBeHidden();
  }
  /** One key of the pad: its name begins with the digit, letters may follow. */
  digit(digit: string): Locator {
    const names: Record<string, string> = { "*": "(\\*|star)", "#": "(#|hash|pound)" };
    return this.view.getByRole("button", { name: new RegExp(`^${names[digit] ?? digit}\\b|^${names[digit] ?? digit}$`, "i") }).first();
  }
  /** Wrap-up: chooses an outcome and saves. */
  async finishWork(outcome = "Interested"): Promise<void> {
    await this.view.locator("label", { hasText: new RegExp(`^${outcome}$`) }).click();
    await expect(this.view.getByRole("radio", { name: outcome })).toBeChecked();
    await this.button("Save").click();
    await expect(this.button("Save")).toBeHidden();
  }

  async sound(): Promise<Sound> {
    const sound = await soundOf(this.frame());
    return sound ?? { packetsReceived: 0, energyReceived: 0, packetsSent: 0, energySent: 0, state: "new" };
  }
  /** Waits until no packet has come in for half a second. */
  async expectNoPackets(): Promise<void> {
    let last = -1;
    await expect
      .poll(
        async () => {
          const before = last;
          last = (await this.sound()).packetsReceived;
          return last === before;
        },
        { message: "no packet comes to the agent", intervals: [500] },
      )
      .toBe(true);
  }
  /** Waits until a voice is heard here: energy that grows, not only packets. */
  async expectToHear(): Promise<void> {
    const before = (await this.sound()).energyReceived;
    await expect
      .poll(async () => (await this.sound()).energyReceived, { message: "the agent hears a voice" })
      .toBeGreaterThan(before + 0.0005);
  }
}
