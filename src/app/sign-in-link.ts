import type { SignInProof } from "../protocol/gateway-agents.ts";

/**
 * What the fragment of the address proves: `#invitation=…`, a link of the gateway, or `#token=…`, which a CRM's server has
 * signed. It is taken out of the address, so that no history, reload or copied link keeps it; a fragment never leaves the
 * browser.
 */
export function takeSignInLink({ location, history }: Pick<Window, "location" | "history">): SignInProof | null {
  const { hash, href } = location;
  const fields = new URLSearchParams(hash.slice(1));
  const token = fields.get("token");
  const invitation = fields.get("invitation");
  if (token === null && invitation === null) return null;
  history.replaceState(history.state, "", href.slice(0, href.length - hash.length));
  if (token) return { token };
  return invitation ? { invitation } : null;
}
