import { expect, it } from "vitest";
import { completeSignIn, emptySignInFields, expandDomain, presetFields } from "./sign-in-fields.ts";

const mumbai = { id: "mumbai", label: "Mumbai", domain: "{account}.voip.exotel.com", proxy: "voip.in1.exotel.com:443" };

it.each([
  ["asha1", "asha1", ""],
  ["sip:asha1", "asha1", ""],
  ["  SIP:asha1@acme1.voip.exotel.com ", "asha1", "acme1.voip.exotel.com"],
  ["<sips:asha1@acme1.voip.exotel.com;transport=wss>", "asha1", "acme1.voip.exotel.com"],
])("[U30] %s is taken apart", (sipId, user, domain) => {
  expect(completeSignIn({ ...emptySignInFields, sipId }, null)).toMatchObject({ sipId: user, domain });
});

it("[U30] a domain that was typed wins over one that was pasted with the user", () => {
  expect(completeSignIn({ ...emptySignInFields, sipId: "asha1@other.example", domain: "acme1" }, mumbai).domain).toBe(
    "acme1.voip.exotel.com",
  );
});

it("[U30] a proxy is a host and a port, whatever it was pasted with", () => {
  expect(completeSignIn({ ...emptySignInFields, proxy: "wss://voip.in1.exotel.com:443/wss" }, null).proxy).toBe("voip.in1.exotel.com:443");
});

it("[U30] a region fills in what is the same for every account", () => {
  expect(presetFields(mumbai)).toEqual({ proxy: "voip.in1.exotel.com:443" });
  expect(presetFields({ ...mumbai, domain: "sip.local" })).toEqual({ proxy: "voip.in1.exotel.com:443", domain: "sip.local" });
  expect(expandDomain("acme1.example.com", mumbai)).toBe("acme1.example.com");
});
