import type { Addresses } from "../sandbox/addresses.ts";
import type { Agent } from "../sandbox/network/network.ts";
import type { Session } from "./devtools.ts";
import type { Subject } from "./steps.ts";

const READY = `document.querySelector(".status-word")?.textContent === "Ready"`;

/** The page that the vendor's guide leads to, in a page of its own. */
export function bareSubject(bareOrigin: string, addresses: Addresses, agent: Agent): Subject {
  const query = new URLSearchParams({ user: agent.user, password: agent.password, proxy: addresses.sipProxy });
  return {
    name: "bare SDK page",
    agent: agent.user,
    prepare: () => Promise.resolve(),
    open: async (page) => {
      await page.navigate(`${bareOrigin}/?${query}`);
      await page.until(`location.origin === ${JSON.stringify(bareOrigin)} && document.querySelector("#status")`);
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
  const frameIn = async (page: Parameters<Subject["open"]>[0]): Promise<Session> => {
    await page.navigate(`${addresses.crm}/`);
    const session = await page.frame(addresses.phone);
    return session;
  };
  return {
    name: "widget in its CRM page",
    agent: agent.user,
    prepare: async (page) => {
      const session = await frameIn(page);
      await session.until(`__probe.button("Sign in")`);
      await session.evaluate(signIn({ sipId: agent.user, password: agent.password, domain, proxy: addresses.sipProxy }));
      await session.until(READY);
    },
    open: frameIn,
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
