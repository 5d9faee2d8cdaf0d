import { expect, test } from "vitest";
import { CANARIES, TEST_CONFIG } from "../fakes/test-configuration.ts";
import { BadConfiguration, readConfiguration } from "./read-config.ts";

function problems(value: unknown, environment: Readonly<Record<string, string | undefined>> = CANARIES): readonly string[] {
  try {
    readConfiguration(value, environment);
    return [];
  } catch (error) {
    if (error instanceof BadConfiguration) return error.problems;
    throw error;
  }
}

test("[G1] a complete configuration is read, with every default filled in", () => {
  const { config } = readConfiguration(TEST_CONFIG, CANARIES);
  expect(config.listen).toEqual({ host: "127.0.0.1", port: 5175 });
  expect(config.leadsquared?.statuses.missed).toBe("Missed");
});

test("[G1] a bad one names each key, and all of them at once", () => {
  const found = problems({ ...TEST_CONFIG, publicUrl: "phone", exotel: { ...TEST_CONFIG.exotel, account: 7 }, lisen: {} });
  expect(found.map((line) => line.split(":")[0]).toSorted()).toEqual(["exotel.account", "lisen", "publicUrl"]);
});

test("[G1] a secret that is missing or too short is named by its variable", () => {
  expect(problems(TEST_CONFIG, { ...CANARIES, GATEWAY_ADMIN_TOKEN: "short-canary", EXOTEL_API_KEY: "" })).toEqual([
    "GATEWAY_ADMIN_TOKEN: at least 20 characters",
    "EXOTEL_API_KEY: is missing",
  ]);
});

test("[G2] no problem quotes the value, which may be a secret in the wrong place", () => {
  const wrong = {
    ...CANARIES,
    GATEWAY_ENCRYPTION_KEY: "canary-0101",
    DATABASE_URL: "mysql://root:canary-0102@db",
    GATEWAY_ADMIN_TOKEN: "canary-0103",
  };
  const text = problems({ ...TEST_CONFIG, publicUrl: "canary-0104", leadsquared: "canary-0105" }, wrong).join("\n");
  expect(text).toContain("DATABASE_URL");
  expect(text).not.toContain("canary");
});

test("[G1] what one part needs of another is asked for", () => {
  const environment = { ...CANARIES, SIGN_IN_SECRET: undefined, LEADSQUARED_ORG_KEY: undefined };
  expect(problems(TEST_CONFIG, environment)).toEqual([
    "SIGN_IN_SECRET: needed by signIn.token with HS256",
    "LEADSQUARED_ORG_KEY: needed by leadsquared",
  ]);
});
