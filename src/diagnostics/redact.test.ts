import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact, redactText } from "./redact.ts";

const kept = (value: unknown, secrets: readonly string[] = []) => JSON.stringify(redact(value, new Set(secrets)));

describe("secrets", () => {
  test.each([
    ["password=hunter22", "password=[removed]"],
    ["sip_password: 'a b c'", "sip_password: [removed]"],
    ['{"secret":"hunter22","user":"asha"}', '{"secret":[removed],"user":"asha"}'],
    ["token = abc.def.ghi; next", "token = [removed]; next"],
    ["Authorization: Basic YXNoYTpodW50ZXIyMg==", "Authorization: [removed]"],
    ['Proxy-Authorization: Digest username="asha", response="0a1b"', "Proxy-Authorization: [removed]"],
    ["sent bearer eyJhbGciOi.J9", "sent bearer [removed]"],
    ['nonce="Z1a2", opaque', "nonce=[removed], opaque"],
    ['response="6629fae49393a05397450978507c4ef1"', "response=[removed]"],
    ["wss://asha:hunter22@voip.example.com/wss", "wss://[removed]@voip.example.com/wss"],
    ["https://crm.example.com/lead?id=42&name=Ravi", "https://crm.example.com/lead?id=…&name=…"],
  ])("[D1] %s", (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  test("[D1] a property named for a secret is removed, whatever its shape", () => {
    expect(kept({ account: { user: "asha", password: "hunter22", accessToken: ["a"], Authorization: { a: 1 } } })).toBe(
      '{"account":{"user":"asha","password":"[removed]","accessToken":"[removed]","Authorization":"[removed]"}}',
    );
  });

  test("[D2] a known secret never comes through, wherever it stands", () => {
    // Letters and signs, so that the secret is not also a part of the words around it.
    const secret = fc.string({ unit: fc.constantFrom(..."QXZ$%!7"), minLength: 6, maxLength: 30 });
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (password, before, after) => {
        const shapes = [
          `${before}${password}${after}`,
          { deep: [{ note: before + password }] },
          { [password]: 1 },
          new Error(`no ${password}`),
        ];
        for (const shape of shapes) expect(kept(shape, [password])).not.toContain(JSON.stringify(password).slice(1, -1));
      }),
    );
  });

  test("[D2] the value of a secret's name never comes through in text", () => {
    const name = fc.constantFrom("password", "sipPassword", "token", "api_key", "secret", "cnonce", "credential");
    const value = fc.string({ unit: fc.constantFrom(..."QXZ$%!"), minLength: 6, maxLength: 30 });
    fc.assert(
      fc.property(name, fc.constantFrom("=", ": ", '":"', "  =  "), value, (key, between, secret) => {
        expect(redactText(`a ${key}${between}${secret}`)).not.toContain(secret);
      }),
    );
  });
});

describe("numbers", () => {
  test.each([
    ["+918000000012", "•••12"],
    ["98450 00012 called", "•••12 called"],
    ["(080) 4000-0012", "(•••12"],
    ["sip:+918000000012@acme1.voip.exotel.com", "sip:•••12@acme1.voip.exotel.com"],
    ["sip:asha@acme1.voip.exotel.com", "sip:asha@acme1.voip.exotel.com"],
    ["९८४५००००१२", "•••१२"],
  ])("[D3] %s", (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  test.each([
    "call 3f2b8c1e-5a77-4d02-9f10-1234567890ab",
    "sid 0123456789abcdef0123456789abcdef",
    "wss://192.168.100.200:5172/wss",
    "status 486 after 12034 ms",
  ])("[D3] %s is kept: it names no person", (text) => {
    expect(redactText(text)).toBe(text);
  });

  test("[D3] no number comes through, however it is written", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 7, maxLength: 15 });
    const between = fc.constantFrom("", " ", "-", ".", ") ", "  ");
    const around = fc.string({ unit: fc.constantFrom(...'ghij klm:,/@<>"'), maxLength: 10 });
    fc.assert(
      fc.property(digits, between, around, around, (number, gap, before, after) => {
        const text = `${before}${[...number].join(gap)}${after}`;
        expect((redactText(text).match(/\d/g) ?? []).length).toBeLessThanOrEqual(2);
        expect(kept({ from: Number(number) })).not.toContain(number.replace(/^0+/, ""));
      }),
    );
  });

  test("[D3] times and counters stay", () => {
    expect(redact({ at: 1_763_700_000_000, packetsReceived: 12_345_678 })).toEqual({ at: 1_763_700_000_000, packetsReceived: 12_345_678 });
  });
});

test("[D4] anything can be logged: cycles, huge lists, functions, long texts", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  const everything = {
    cycle,
    list: Array.from({ length: 10_000 }, () => "x"),
    run: () => 1,
    long: "x".repeat(100_000),
    none: null,
    big: 1n,
  };
  expect(kept(everything).length).toBeLessThan(2_000);
  fc.assert(fc.property(fc.anything(), (value) => void redact(value)));
});
