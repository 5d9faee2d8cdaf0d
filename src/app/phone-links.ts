/**
 * Makes this page the one that the browser opens for `tel:` links, as `?dial=`; the browser asks the agent first and tells
 * nobody what the answer was. Only for a page of the phone's own: inside a CRM the browser would refuse.
 *
 * @returns `undefined` where it cannot be offered: in a frame, or in a browser that does not know it (Safari).
 */
export function phoneLinks({ location, navigator, parent, self }: Window): (() => void) | undefined {
  if (parent !== self || !("registerProtocolHandler" in navigator)) return undefined;
  return () => navigator.registerProtocolHandler("tel", `${location.origin}${location.pathname}?dial=%s`);
}
