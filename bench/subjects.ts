import type { Addresses } from "../sandbox/addresses.ts";
import type { Agent } from "../sandbox/network/network.ts";
import type { Page, Session } from "./devtools.ts";
import type { Subject } from "./steps.ts";

const READY = `document.querySelector(".status-word")?.textContent === "Ready"`;

/** A page with nothing but a phone: `#status`, `#answer` and `#hangup`. */
export function plainSubject(name: string, origin: string, addresses: Addresses, agent: Agent, domain: string): Subject {
  const query = new URLSearchParams({ user: agent.user, password: agent.password, proxy: addresses.sipProxy, domain });
  return {
    name,
    agent: agent.user,
    prepare: () => Promise.resolve(),
    open: async (page) => {
      await page.navigate(`${origin}/?${query}`);
      await page.until(`location.origin === ${JSON.stringify(origin)} && document.querySelector("#status")`);
      return page;
    },
    ready: `document.querySelector("#status")?.textContent === "registered"`,
    incoming: `__probe.visible("#incoming")`,
    answer: `document.querySelector("#answer").click()`,
    inCall: `__probe.visible("#hangup")`,
    hangUp: `document.querySelector("#hangup").click()`,
    idle: `!__probe.visible("#hangup")`,
    afterCall: () => Promise.resolve(),
  };
}

/** The built widget in the frame of the demo CRM, with an account that is stored on the device. */
export function widgetSubject(addresses: Addresses, agent: Agent, domain: string): Subject {
  return widget("widget in its CRM page", addresses, agent, domain, async (page) => {
    await page.navigate(`${addresses.crm}/`);
    return page.frame(addresses.phone);
  });
}

/** The built widget in a tab of its own. */
export function ownPageSubject(addresses: Addresses, agent: Agent, domain: string): Subject {
  return widget("widget on its own page", addresses, agent, domain, async (page) => {
    await page.navigate(`${addresses.phone}/`);
    await page.until(`location.origin === ${JSON.stringify(addresses.phone)}`);
    return page;
  });
}

function widget(name: string, addresses: Addresses, agent: Agent, domain: string, open: (page: Page) => Promise<Session>): Subject {
  return {
    name,
    agent: agent.user,
    prepare: async (page) => {
      const session = await open(page);
      await session.until(`__probe.button("Sign in")`);
      await session.evaluate(signIn({ sipId: agent.user, password: agent.password, domain, proxy: addresses.sipProxy }));
      await session.until(READY);
    },
    open,
    ready: READY,
    incoming: `__probe.button("Answer")`,
    answer: `__probe.button("Answer").click()`,
    inCall: `__probe.button("Hang up")`,
    hangUp: `__probe.button("Hang up").click()`,
    idle: `!__probe.button("Hang up")`,
    afterCall: async (session) => {
      await session.until(`__probe.button("Save")`);
      await session.evaluate(`__probe.button("Save").click()`);
      await session.until(`!__probe.button("Save")`);
    },
  };
}

/** Types into the form as a person does: value, then the `input` event. */
export function signIn(fields: Readonly<Record<string, string>>): string {
  return `(() => {
    for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
      const input = document.querySelector("form [name=" + name + "]");
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    __probe.button("Sign in").click();
  })()`;
}
