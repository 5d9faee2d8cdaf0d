import { PhoneError } from "../core/errors.ts";
import type { Host } from "../core/ports.ts";

export interface LeadsquaredHostOptions {
  readonly location: Pick<Location, "href">;
}

/** Who the Agent Panel's address says the agent is: unsigned, so a suggestion for the sign-in form and never more. */
export interface LeadsquaredHints {
  /** `TelephonyAgentId` of the user's profile, without `sip:`. */
  readonly sipId: string | null;
  readonly email: string | null;
  /** Parameters that still hold their placeholder: the administrator entered it where LeadSquared does not merge it. */
  readonly notMerged: readonly string[];
}

export interface LeadsquaredHost extends Host {
  readonly name: "leadsquared";
  readonly hints: LeadsquaredHints;
}

/**
 * LeadSquared's Agent Panel. Its page neither sends nor hears messages, and it loads the panel once, with the user's fields
 * merged into the address: `?host=leadsquared&agent=@{User:TelephonyAgentId,}&email=@{User:EmailAddress,}`. So this host
 * knows a name and can do nothing else; leads, logs and click-to-call go from server to server.
 */
export function createLeadsquaredHost({ location }: LeadsquaredHostOptions): LeadsquaredHost {
  const notSupported = (): Promise<never> => Promise.reject(new PhoneError("not-supported"));
  return {
    name: "leadsquared",
    hints: readHints(location.href),
    capabilities: () => ({ canMatchNumbers: false, canPopRecords: false, canSaveCallLogs: false, canPlaceCalls: false }),
    onConnected: () => () => {},
    onCommand: () => () => {},
    tell: () => {},
    matchNumber: notSupported,
    popRecord: notSupported,
    saveCallLog: notSupported,
    placeCall: notSupported,
    dispose: () => {},
  };
}

function readHints(href: string): LeadsquaredHints {
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
