import type { Locator, Page } from "@playwright/test";

/** The demo CRM around the phone. */
export class CrmPage {
  readonly page: Page;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
  }

  async open(): Promise<void> {
    await this.page.goto(this.#origin);
  }
  /** The CRM's own user: its server places calls for this agent. */
  async workAs(agent: string): Promise<void> {
    await this.page.getByLabel("Agent", { exact: true }).selectOption(agent);
  }
  /** The button with a lead's number. */
  number(name: string): Locator {
    return this.page
      .getByRole("row", { name: new RegExp(name) })
      .getByRole("button")
      .first();
  }
}
