import { expect, test } from "vitest";
import { judgeAudit } from "./audit-verdict.ts";

const answer = (high: number, critical: number, severity: string) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: { leftpad: { name: "leftpad", severity }, quiet: { name: "quiet", severity: "low" } },
    metadata: { vulnerabilities: { info: 0, low: 1, moderate: 2, high, critical, total: 3 } },
  });

test("a high or critical finding fails, by name", () => {
  expect(judgeAudit(answer(1, 0, "high"))).toEqual({ isGood: false, words: "1 high, 0 critical: leftpad" });
  expect(judgeAudit(answer(0, 1, "critical"))).toEqual({ isGood: false, words: "0 high, 1 critical: leftpad" });
});

test("nothing of weight passes", () => {
  expect(judgeAudit(answer(0, 0, "moderate"))).toEqual({
    isGood: true,
    words: "no known high or critical hole in a dependency, 2 moderate",
  });
});

test.each(['{"message":"405 Method Not Allowed","statusCode":405}', "", "<html>"])("no answer (%s) is tolerated, and said", (output) => {
  expect(judgeAudit(output)).toEqual({ isGood: true, words: expect.stringContaining("NOT AUDITED") });
});
