import { expect, test } from "vitest";
import { hostContract } from "./contract.ts";
import { readDialLink } from "./dial-link.ts";
import { createStandaloneHost } from "./standalone.ts";

function fakeHistory() {
  const replaced: unknown[] = [];
  return { replaced, state: null, replaceState: (_state: unknown, _title: string, url?: string | URL | null) => void replaced.push(url) };
}

hostContract("standalone", () => ({
  host: createStandaloneHost({ location: { href: "https://phone.example.com/?dial=+918000000001" }, history: fakeHistory() }),
  command: () => ({ type: "setContext", payload: { record: null, number: "+918000000001" } }),
}));

test("[H20] a tel: link offers its number, and never dials by itself", async () => {
  const history = fakeHistory();
  const host = createStandaloneHost({ location: { href: "https://phone.example.com/?dial=tel%3A%2B918000000001&theme=dark" }, history });
  const heard: unknown[] = [];
  host.onCommand(async (type, payload) => {
    heard.push([type, payload]);
    return { ok: true };
  });
  await Promise.resolve();
  expect(heard).toEqual([["setContext", { record: null, number: "+918000000001" }]]);
});

test("[H21] the number leaves the address at once, everything else stays", () => {
  const history = fakeHistory();
  createStandaloneHost({ location: { href: "https://phone.example.com/a?dial=tel%3A%2B918000000001&theme=dark#x" }, history });
  expect(history.replaced).toEqual(["https://phone.example.com/a?theme=dark#x"]);
  createStandaloneHost({ location: { href: "https://phone.example.com/?theme=dark" }, history });
  expect(history.replaced).toHaveLength(1);
});

test.each([
  ["+918000000001", "+918000000001"],
  ["%2B918000000001", "+918000000001"],
  ["tel:%2B91-80%2000000001", "+91-80 00000001"],
  ["tel%3A%252B918000000001", "+918000000001"],
  ["TEL:08000000001;ext=5", "08000000001"],
  ["(080)%200000-0001", "(080) 0000-0001"],
  ["*121%23", "*121#"],
  ["javascript:alert(1)", null],
  ["sip:asha@example.com", null],
  ["<b>1</b>", null],
  ["%25E0%25A4", null],
  ["", null],
  ["+", null],
  ["1".repeat(65), null],
])("[H22] ?dial=%s is read as %s", (written, number) => {
  const link = readDialLink(`https://phone.example.com/?dial=${written}`);
  expect(link).toEqual({ number, rest: "https://phone.example.com/" });
});
