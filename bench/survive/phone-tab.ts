import type { Account } from "../../e2e/support/phone-panel.ts";
import type { Context, Page, Session } from "../devtools.ts";
import { signIn } from "../subjects.ts";

/** Where the phone is: a tab of its own, or the frame in the demo CRM's page. */
export type Place = "standalone" | "crm";

/** One tab with a phone, driven by what is on its screen. */
export interface PhoneTab {
  readonly page: Page;
  /** The document that holds the phone now; another one after a reload. */
  phone(): Promise<Session>;
  /** Resolves when the expression is truthy in the phone's document, whichever that is by then. */
  until<T>(expression: string, what: string, timeoutMs?: number): Promise<T>;
  /** Waits for the button and clicks it. Resolves to the time of the click, epoch ms. */
  click(button: string): Promise<number>;
  signIn(account: Account): Promise<void>;
  /** Resolves when the phone is ready again. */
  reload(): Promise<void>;
  dial(number: string): Promise<void>;
}

const READY = `document.querySelector(".status-word")?.textContent === "Ready"`;
const LOOK_EVERY_MS = 10;

export async function openTab(
  context: Context,
  place: Place,
  origins: { readonly phone: string; readonly crm: string },
  probe: string,
): Promise<PhoneTab> {
  const page = await context.page([probe]);
  await page.navigate(`${place === "crm" ? origins.crm : origins.phone}/`);
  const phone = (): Promise<Session> => (place === "crm" ? page.frame(origins.phone) : Promise.resolve(page));
  const until = async <T>(expression: string, what: string, timeoutMs = 10_000): Promise<T> => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const value = await soon(phone().then((session) => session.evaluate<T>(expression)));
      if (value) return value;
      if (Date.now() > deadline) throw new Error(what);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  const click = (button: string): Promise<number> =>
    until(
      `(() => {
        const found = __probe.button(${JSON.stringify(button)});
        const at = performance.timeOrigin + performance.now();
        found?.click();
        return found && at;
      })()`,
      `no button "${button}"`,
    );
  return {
    page,
    phone,
    until,
    click,
    signIn: async (account) => {
      await until(`__probe.button("Sign in")`, "no sign-in screen");
      const { user, password, domain, proxy } = account;
      await (await phone()).evaluate(signIn({ sipId: user, password, domain, proxy }));
      await until(READY, "not ready after the sign-in");
    },
    reload: async () => {
      const before = await (await phone()).evaluate<number>("performance.timeOrigin");
      await page.reload();
      await until(`performance.timeOrigin > ${before} && ${READY}`, "not ready after a reload");
    },
    dial: async (number) => {
      const typed = `(() => {
        const input = document.querySelector("[aria-label='Number to call']");
        if (!input) return false;
        input.value = ${JSON.stringify(number)};
        input.dispatchEvent(new Event("input", { bubbles: true }));
        return true;
      })()`;
      await until(typed, "no keypad to dial with");
      await click("Call");
    },
  };
}

/** `null` where it fails, or where a renderer that has died keeps it waiting. */
function soon<T>(work: Promise<T>): Promise<T | null> {
  return Promise.race([work.catch(() => null), new Promise<null>((resolve) => setTimeout(resolve, 1_000, null))]);
}
