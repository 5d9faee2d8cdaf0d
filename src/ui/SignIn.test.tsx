// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from "vitest";
import { PhoneError } from "../core/errors.ts";
import { FakePhone, lineView } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";
import { ERRORS } from "./strings.ts";

let phone: FakePhone;
let screen: Shown;

beforeEach(() => {
  phone = new FakePhone();
  phone.agent.value = null;
  phone.line.value = lineView("signed-out");
  screen = show(phone);
});
afterEach(() => screen.close());

it("[U30] a whole SIP address in the first field fills in the domain; the region fills in the proxy", async () => {
  await screen.type("SIP ID", "sip:asha1@acme1.voip.exotel.com");
  await screen.type("SIP password", " secret ");
  await screen.click("Sign in");
  expect(phone.done).toEqual([
    ["signIn", { sipId: "asha1", password: " secret ", domain: "acme1.voip.exotel.com", proxy: "voip.in1.exotel.com:443" }, true],
  ]);
});

it("[U30] an account name alone becomes the domain of the region", async () => {
  await screen.type("SIP ID", "asha1");
  await screen.type("SIP password", "secret");
  await screen.type("VoIP domain", "acme1");
  await screen.click("Sign in");
  expect(phone.done[0]?.[1]).toMatchObject({ domain: "acme1.voip.exotel.com" });
});

it("[U31] an empty field is named and gets the focus, and nothing is sent", async () => {
  await screen.type("SIP ID", "asha1");
  await screen.click("Sign in");
  expect(phone.done).toEqual([]);
  expect(document.activeElement).toBe(screen.input("SIP password"));
  expect(screen.input("SIP password").getAttribute("aria-invalid")).toBe("true");
});

it("[U32] refused credentials are said, and what was typed is still there", async () => {
  phone.failNext = new PhoneError("credentials-refused");
  await screen.type("SIP ID", "asha1");
  await screen.type("SIP password", "wrong");
  await screen.type("VoIP domain", "acme1");
  await screen.click("Sign in");
  expect(screen.root.querySelector("[role=alert]")?.textContent).toBe(ERRORS["credentials-refused"]);
  expect(screen.input("SIP password").value).toBe("wrong");
  expect(screen.button("Sign in")).not.toBeNull();
});

it("[U33] the password is hidden until it is asked to be shown", async () => {
  expect(screen.input("SIP password").type).toBe("password");
  await screen.click("Show what is typed");
  expect(screen.input("SIP password").type).toBe("text");
});

it("[U32] the form stays while signing in is under way, also where the phone knows the agent already", async () => {
  await screen.type("SIP ID", "asha1");
  await screen.after(() => {
    phone.agent.value = { user: "asha1", displayName: "asha1" };
    phone.signingIn.value = true;
    phone.line.value = lineView("connecting");
  });
  await screen.after(() => {
    phone.agent.value = null;
    phone.signingIn.value = false;
    phone.line.value = lineView("refused", { reason: "credentials-refused" });
  });
  expect(screen.input("SIP ID").value).toBe("asha1");
  expect(screen.root.querySelector("[role=alert]")?.textContent).toBe(ERRORS["credentials-refused"]);
});

it("[U36] a CRM that names the agent saves typing; one that left its placeholder is told of", () => {
  screen.close();
  screen = show(phone, { sipId: "asha1", notMerged: ["email"] });
  expect(screen.input("SIP ID").value).toBe("asha1");
  expect(screen.root.textContent).toContain("did not fill in “email”");
});
