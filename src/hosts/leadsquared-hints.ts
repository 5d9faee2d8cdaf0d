/** Who the Agent Panel's address says the agent is: unsigned, so a suggestion for the sign-in form and never more. */
export interface LeadsquaredHints {
  /** `TelephonyAgentId` of the user's profile, without `sip:`. */
  readonly sipId: string | null;
  readonly email: string | null;
  /** Parameters that still hold their placeholder: the administrator entered it where LeadSquared does not merge it. */
  readonly notMerged: readonly string[];
}

/** Reads the merged address. Never throws: what does not fit is left out. */
export function readLeadsquaredHints(href: string): LeadsquaredHints {
  const parameters = new URL(href).searchParams;
  const notMerged: string[] = [];
  const read = (name: string, fits: RegExp): string | null => {
    // Merged values are not escaped: a `+` of theirs has become a space, and neither of the two may hold a real one.
    const value = (parameters.get(name) ?? "").trim().replaceAll(" ", "+");
    if (value.includes("@{")) notMerged.push(name);
    return fits.test(value) ? value : null;
  };
  const sipId = read("agent", /^[^\s<>"@{}]{1,100}(@[^\s<>"@{}]{1,100})?$/)?.replace(/^sips?:/i, "") ?? "";
  const email = read("email", /^[^\s<>"@{}]{1,64}@[^\s<>"@{}]{1,190}$/);
  return { sipId: sipId === "" ? null : sipId, email, notMerged };
}
