import { PhoneError } from "../core/errors.ts";
import type { Host } from "../core/ports.ts";
import { createCommandInbox } from "./command-inbox.ts";
import { readDialLink } from "./dial-link.ts";

export interface StandaloneHostOptions {
  readonly location: Pick<Location, "href">;
  readonly history: Pick<History, "replaceState" | "state">;
}

/**
 * The phone's own page: nobody to tell and nobody to ask. A `?dial=` in the address arrives as the command `setContext`
 * with the number: it is offered, and the agent presses. Never `dial`: any web page can link here, and a link
 * must not place a call. The number is taken out of the address, so that no history or reload keeps it.
 */
export function createStandaloneHost({ location, history }: StandaloneHostOptions): Host {
  const inbox = createCommandInbox();
  const link = readDialLink(location.href);
  if (link.rest !== null) history.replaceState(history.state, "", link.rest);
  if (link.number !== null) void inbox.deliver({ type: "setContext", payload: { record: null, number: link.number } });
  const notSupported = (): Promise<never> => Promise.reject(new PhoneError("not-supported"));
  return {
    name: "standalone",
    capabilities: () => ({ canMatchNumbers: false, canPopRecords: false, canSaveCallLogs: false, canPlaceCalls: false }),
    onConnected: () => () => {},
    onCommand: inbox.onCommand,
    tell: () => {},
    matchNumber: notSupported,
    popRecord: notSupported,
    saveCallLog: notSupported,
    placeCall: notSupported,
    dispose: inbox.dispose,
  };
}
