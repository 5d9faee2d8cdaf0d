import { expect, test } from "vitest";
import { chooseHost } from "./choose.ts";
import { hostContract } from "./contract.ts";
import { readLeadsquaredHints } from "./leadsquared-hints.ts";
import { createLeadsquaredHost } from "./leadsquared.ts";

const hints = (query: string) => readLeadsquaredHints(`https://phone.example.com/?host=leadsquared${query}`);

hostContract("leadsquared", () => ({
  host: createLeadsquaredHost(),
  command: null,
}));

test("[H30] the merged address suggests who signs in", () => {
  expect(hints("&agent=sip:asha&email=asha@example.com")).toEqual({ sipId: "asha", email: "asha@example.com", notMerged: [] });
  expect(hints("&agent=sip%3Aasha%40acme1.voip.exotel.com&email=asha%2Bcrm%40example.com")).toEqual({
    sipId: "asha@acme1.voip.exotel.com",
    email: "asha+crm@example.com",
    notMerged: [],
  });
});

test("[H31] a plus that LeadSquared did not escape is still a plus", () => {
  expect(hints("&agent=asha&email=asha+crm@example.com").email).toBe("asha+crm@example.com");
});

test("[H32] a field that the user's profile leaves empty is nobody, not an error", () => {
  expect(hints("&agent=&email=")).toEqual({ sipId: null, email: null, notMerged: [] });
  expect(hints("&agent=sip:")).toEqual({ sipId: null, email: null, notMerged: [] });
  expect(hints("")).toEqual({ sipId: null, email: null, notMerged: [] });
});

test("[H33] a placeholder that was not merged is named, so that the administrator can be told", () => {
  expect(hints("&agent=@{User:TelephonyAgentId,}&email=@%7BUser:EmailAddress,%7D")).toEqual({
    sipId: null,
    email: null,
    notMerged: ["agent", "email"],
  });
  expect(hints("&agent=sip:@{User:TelephonyAgentId,}&email=asha@example.com")).toEqual({
    sipId: null,
    email: "asha@example.com",
    notMerged: ["agent"],
  });
});

test("[H34] what is no name is not suggested", () => {
  expect(hints("&agent=<img src=x onerror=alert(1)>&email=asha")).toEqual({ sipId: null, email: null, notMerged: [] });
  expect(hints(`&agent=${"a".repeat(300)}`).sipId).toBeNull();
});

test("[H40] a page in a frame is asked by messages, our own page is alone, LeadSquared says so itself", () => {
  expect(chooseHost("https://phone.example.com/", true)).toBe("post-message");
  expect(chooseHost("https://phone.example.com/", false)).toBe("standalone");
  expect(chooseHost("https://phone.example.com/?host=leadsquared&agent=asha", true)).toBe("leadsquared");
  expect(chooseHost("https://phone.example.com/?host=zoho", true)).toBe("post-message");
});
