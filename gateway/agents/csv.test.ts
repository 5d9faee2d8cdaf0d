import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAgentCsv, readAgentCsv } from "./agent-csv.ts";
import type { AgentDetails } from "./agent-store.ts";
import { formatCsv, parseCsv } from "./csv.ts";

test("[G8] any table comes back from CSV as it was", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é", "=", "'", "+") });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      expect(parseCsv(formatCsv(rows))).toEqual(rows);
    }),
  );
});

test("[G8] a spreadsheet's habits are read: byte order mark, bare line feeds, blank lines", () => {
  expect(parseCsv('\uFEFFa,b\n\n"1\n2",\r\n')).toEqual([
    ["a", "b"],
    ["1\n2", ""],
  ]);
});

test.each([
  ['a,"b', "line 1: a quote is never closed"],
  ['a\n"b"c', "line 2: text follows a closing quote"],
  ['a\nb"c', "line 2: a quote stands in a cell that is not quoted"],
])("[G8] %j is refused with its line", (text, message) => {
  expect(() => parseCsv(text)).toThrow(message);
});

const word = fc.string({ unit: fc.constantFrom("a", "B", "=", "-", "@", "+", "'", ",", '"', "7", "@"), minLength: 1, maxLength: 12 });
const details: fc.Arbitrary<AgentDetails> = fc.record({
  crmUser: word,
  name: word,
  agentIdentifier: fc.option(word),
  callerId: fc.constantFrom(null, "+918047112233", "08047112244"),
  device: fc.constantFrom("sip", "phone"),
  sipUser: fc.constantFrom(null, "asha"),
  phoneNumber: fc.constant("+919611795983"),
  clickToCall: fc.boolean(),
  signInName: fc.option(word),
  role: fc.constantFrom("agent", "supervisor"),
  active: fc.boolean(),
});

test("[G8] what is downloaded can be uploaded again as it is, and no cell of it is a formula", () => {
  fc.assert(
    fc.property(fc.array(details, { maxLength: 5 }), (agents) => {
      const file = formatAgentCsv(agents);
      // An empty user name of SIP is left as it is.
      const read = agents.map(({ sipUser, ...agent }) => (sipUser === null ? agent : { ...agent, sipUser }));
      expect(readAgentCsv(file)).toEqual(read.map((changes, index) => ({ line: index + 2, changes })));
      for (const cell of parseCsv(file).flat()) expect(cell).not.toMatch(/^([=@-]|\+\D)/);
    }),
  );
});

test("[G8] a wrong row is named by line and column, and the others are read", () => {
  const lines = readAgentCsv("CRM User ID,CRM User,Caller Id,Device Type\n1,Asha,08047112233,\n2,Ravi,call me,\n3,,,\n4,Meera,,Fax\n");
  expect(lines.map((line) => ("problem" in line ? line.problem : line.changes.crmUser))).toEqual([
    "1",
    "Caller Id: a telephone number",
    "CRM User: is empty",
    "Device Type: SIP or Phone",
  ]);
});
