import type { BrowserContext, CDPSession, Frame, Page } from "@playwright/test";

/**
 * A page and its frames by the DevTools protocol alone. Playwright takes a whole page for crashed when a process that runs
 * one of its frames is, and then refuses to look at it; the page itself lives on.
 */
export class RawPage {
  readonly #page: Page;
  readonly #context: BrowserContext;
  readonly #session: CDPSession;

  /** Before anything crashes. */
  static async of(page: Page): Promise<RawPage> {
    return new RawPage(page, await page.context().newCDPSession(page));
  }
  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#context = page.context();
    this.#session = session;
  }

  /** Ends the process that runs this frame, as running out of memory does: nothing in it is told. */
  async crash(frame: Frame): Promise<void> {
    const session = await this.#context.newCDPSession(frame);
    // Nobody is left to answer.
    session.send("Page.crash").catch(() => undefined);
  }
  /** What this expression comes to in the page. */
  evaluate(expression: string): Promise<unknown> {
    return valueOf(this.#session, expression);
  }
  /** The same in the frame of this origin; `null` while there is none that could be asked. */
  async evaluateInFrame(origin: string, expression: string): Promise<unknown> {
    const frame = this.#page.frames().find((candidate) => candidate.url().startsWith(origin));
    if (!frame) return null;
    try {
      const session = await this.#context.newCDPSession(frame);
      try {
        return await valueOf(session, expression);
      } finally {
        await session.detach();
      }
    } catch {
      return null;
    }
  }
}

async function valueOf(session: CDPSession, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
    userGesture: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}
