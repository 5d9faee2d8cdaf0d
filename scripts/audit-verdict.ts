import * as v from "valibot";

/** What `npm audit --json` says, put into one sentence. */
export interface AuditVerdict {
  readonly isGood: boolean;
  readonly words: string;
}

const report = v.object({
  metadata: v.object({ vulnerabilities: v.object({ moderate: v.number(), high: v.number(), critical: v.number() }) }),
  vulnerabilities: v.record(v.string(), v.object({ severity: v.string() })),
});

/** Findings of high or critical fail; a registry that gives no answer does not, and is named. Moderate ones are counted. */
export function judgeAudit(output: string): AuditVerdict {
  const found = v.safeParse(report, parsed(output));
  if (!found.success) {
    const reason = v.safeParse(v.object({ message: v.string() }), parsed(output));
    return { isGood: true, words: `NOT AUDITED: the registry gives no answer (${reason.success ? reason.output.message : "no JSON"})` };
  }
  const { metadata, vulnerabilities } = found.output;
  const { moderate, high, critical } = metadata.vulnerabilities;
  const names = Object.entries(vulnerabilities).flatMap(([name, { severity }]) => (/^(high|critical)$/.test(severity) ? [name] : []));
  const isGood = high + critical === 0;
  const words = isGood
    ? `no known high or critical hole in a dependency, ${moderate} moderate`
    : `${high} high, ${critical} critical: ${names.join(", ")}`;
  return { isGood, words };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
