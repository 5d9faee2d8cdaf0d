import { version } from "../../package.json";

/** What support needs to know about the place the phone runs in; stands above the log. */
export function aboutBrowser({
  navigator,
  location,
  parent,
  window,
  isSecureContext,
}: Window & typeof globalThis): Record<string, unknown> {
  return {
    version,
    page: location.href,
    framed: parent !== window,
    browser: navigator.userAgent,
    languages: navigator.languages.join(", "),
    online: navigator.onLine,
    secure: isSecureContext,
    has: [
      ["locks", "locks" in navigator],
      ["BroadcastChannel", "BroadcastChannel" in window],
      ["indexedDB", "indexedDB" in window],
      ["AudioContext", "AudioContext" in window],
      ["setSinkId", "setSinkId" in HTMLMediaElement.prototype],
    ]
      .filter(([, present]) => present)
      .map(([name]) => name)
      .join(", "),
  };
}
