// @vitest-environment happy-dom
import { afterEach, expect, it } from "vitest";
import { PhoneError } from "../core/errors.ts";
import type { Hints } from "./screen-state.ts";
import { callView, FakePhone, lineView } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";
import { ERRORS, GATEWAY_SIGN_IN, SIGN_IN_AGAIN } from "./strings.ts";

let screen: Shown;
afterEach(() => screen.close());

function open(hints: Hints = {}, failing: PhoneError | null = null): FakePhone {
  const phone = new FakePhone({ gateway: { url: "/api", signIn: true } });
  phone.agent.value = null;
  phone.line.value = lineView("signed-out");
  phone.failNext = failing;
  screen = show(phone, hints);
  return phone;
}

it("[U130] a name and a password are asked for, and no SIP field", async () => {
  const phone = open();
  expect(screen.root.textContent).not.toContain("SIP");
  await screen.type(GATEWAY_SIGN_IN.user, " asha ");
  await screen.click("Sign in");
  expect(phone.done).toEqual([]);
  expect(screen.root.textContent).toContain(GATEWAY_SIGN_IN.passwordMissing);
  await screen.type(GATEWAY_SIGN_IN.password, " secret ");
  await screen.click("Sign in");
  expect(phone.done).toEqual([["signInWith", { user: "asha", password: " secret " }]]);
});

it("[U131] what is refused is said, and what was typed is still there", async () => {
  open({}, new PhoneError("sign-in-refused"));
  await screen.type(GATEWAY_SIGN_IN.user, "asha");
  await screen.type(GATEWAY_SIGN_IN.password, "wrong");
  await screen.click("Sign in");
  expect(screen.root.querySelector("[role=alert]")?.textContent).toBe(ERRORS["sign-in-refused"]);
  expect(screen.input(GATEWAY_SIGN_IN.user).value).toBe("asha");
});

it("[U132] a link that has brought a proof along signs in without a word", async () => {
  const phone = open({ takeProof: () => ({ invitation: "from-a-link" }) });
  await screen.after(() => undefined);
  expect(phone.done).toEqual([["signInWith", { invitation: "from-a-link" }]]);
});

it("[U134] a session that is over leads to the sign-in by one click, but not out of a call", async () => {
  const phone = open();
  await screen.after(() => {
    phone.agent.value = { user: "asha1", displayName: "Asha" };
    phone.line.value = lineView("ready");
    phone.notices.value = [{ code: "session-over", about: null }];
    phone.call.value = callView({ phase: "active", answeredAt: Date.now() });
  });
  expect(screen.root.querySelector("[role=alert]")?.textContent).toBe(ERRORS["session-over"]);
  expect(screen.button(SIGN_IN_AGAIN)).toBeNull();
  await screen.after(() => (phone.call.value = null));
  await screen.click(SIGN_IN_AGAIN);
  expect(phone.done).toEqual([["signOut"]]);
  expect(screen.input(GATEWAY_SIGN_IN.user).value).toBe("");
});
