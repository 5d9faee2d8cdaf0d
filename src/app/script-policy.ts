import { SCRIPT_POLICY } from "../protocol/headers.ts";

/** As much of Trusted Types as is used; not in TypeScript's DOM library. */
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy;
}
export interface ScriptPolicy {
  /** The address as the browser takes it. Throws `TypeError` for a script of another origin. */
  createScriptURL(url: string): string;
}

/**
 * The page's one Trusted Types policy: lets the address of a script of ours through. To be created once; throws
 * `TypeError` where the response headers were made from another version and do not name it.
 */
export function createScriptPolicy(page: typeof globalThis): ScriptPolicy {
  const { trustedTypes, location } = page as typeof page & { readonly trustedTypes?: TrustedTypes };
  const rules: ScriptPolicy = {
    createScriptURL(url) {
      const { href, origin } = new URL(url, location.href);
      if (origin !== location.origin) throw new TypeError("a script of another origin");
      return href;
    },
  };
  return trustedTypes?.createPolicy(SCRIPT_POLICY, rules) ?? rules;
}
