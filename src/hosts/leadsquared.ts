import { PhoneError } from "../core/errors.ts";
import type { Host } from "../core/ports.ts";

/**
 * LeadSquared's Agent Panel. Its page neither sends nor hears messages, and it loads the panel once, with the user's fields
 * merged into the address: `?host=leadsquared&agent=@{User:TelephonyAgentId,}&email=@{User:EmailAddress,}`. So this host
 * knows a name and can do nothing else; leads, logs and click-to-call go from server to server.
 */
export function createLeadsquaredHost(): Host {
  const notSupported = (): Promise<never> => Promise.reject(new PhoneError("not-supported"));
  return {
    name: "leadsquared",
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
