import type { Host } from "../core/ports.ts";

/**
 * Which host the page around us is. The address may choose LeadSquared, because that host does nothing but suggest a name;
 * who may talk to the phone is decided by the configuration alone.
 *
 * @param isFramed whether the phone is inside another page (`window.parent !== window`).
 */
export function chooseHost(href: string, isFramed: boolean): Host["name"] {
  if (new URL(href).searchParams.get("host") === "leadsquared") return "leadsquared";
  return isFramed ? "post-message" : "standalone";
}
