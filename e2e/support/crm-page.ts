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
  /** What the CRM knows of the phone. */
  get agentState(): Locator {
    return this.page.getByTestId("agent-state");
  }
  /** The CRM's own user: its server places calls for this agent. */
  async workAs(agent: string): Promise<void> {
    await this.page.getByRole("combobox", { name: "Agent" }).selectOption(agent);
  }
  /** The button with a lead's number. */
  number(name: string): Locator {
    return this.page.getByRole("button", { name: new RegExp(`^Call ${name},`) });
  }
  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }
  async show(view: "Leads" | "Call log" | "Protocol"): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: view }).click();
  }
}
