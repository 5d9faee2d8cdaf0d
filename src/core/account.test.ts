import { expect, test } from "vitest";
import { tidyAccount } from "./account.ts";
import { fakeConfig } from "./fakes/ports.ts";

const config = fakeConfig({
  sip: {
    presets: [{ id: "mumbai", label: "Mumbai", domain: "{account}.voip.exotel.com", proxy: "voip.in1.exotel.com:8443" }],
    allowedProxies: ["*.pbx.example.com", "pbx.example.org:5061"],
  },
});
const read = (change: Partial<Parameters<typeof tidyAccount>[0]>) =>
  tidyAccount({ sipId: "asha", password: " p ", domain: "acme1.voip.exotel.com", proxy: "voip.in1.exotel.com:8443", ...change }, config);

test.each(["asha", "sip:asha", "SIP:asha@acme1.voip.exotel.com", " asha@acme1.voip.exotel.com;transport=ws ", "sips:asha"])(
  "[P95] %j is the user asha",
  (sipId) => {
    expect(read({ sipId })).toEqual({
      user: "asha",
      password: " p ",
      domain: "acme1.voip.exotel.com",
      proxy: "voip.in1.exotel.com:8443",
      displayName: "asha",
    });
  },
);

test.each([
  ["voip.in1.exotel.com", "voip.in1.exotel.com:8443"],
  ["wss://VOIP.in1.exotel.com:8443/wss", "voip.in1.exotel.com:8443"],
  ["a.pbx.example.com", "a.pbx.example.com:443"],
  ["a.b.pbx.example.com:443", "a.b.pbx.example.com:443"],
  ["pbx.example.org:5061", "pbx.example.org:5061"],
])("[P96] the proxy %s is %s", (proxy, tidy) => {
  expect(read({ proxy }).proxy).toBe(tidy);
});

test.each(["pbx.example.com", "evilpbx.example.com", "a.pbx.example.com:444", "pbx.example.org", "voip.in1.exotel.com:443"])(
  "[P96] the proxy %s is not one of this deployment",
  (proxy) => {
    expect(() => read({ proxy })).toThrow(expect.objectContaining({ code: "server-not-allowed" }));
  },
);

test.each([{ sipId: "sip:" }, { password: "" }, { domain: " " }, { proxy: "bad_host" }])("[P97] %j is not complete", (change) => {
  expect(() => read(change)).toThrow(expect.objectContaining({ code: "account-incomplete" }));
});

test("[P97] the domain may stand in the id alone", () => {
  expect(read({ sipId: "asha@acme1.voip.exotel.com", domain: "" }).domain).toBe("acme1.voip.exotel.com");
});
