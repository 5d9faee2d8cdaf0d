import { type Connection, type ConnectionOptions, createConnection } from "./connection.ts";
import { reloadFrame } from "./frame.ts";
import type { CallSnapshot } from "./softphone.d.ts";
import { createWatchdog } from "./watchdog.ts";

/** A connection that outlives the phone's process: the watchdog ends it where nobody answers, and loads the frame anew. */
export interface WatchedConnection extends Pick<Connection, "connected" | "send" | "close"> {
  /** The phone's call as it is now, which says how soon a silence must be noticed. */
  callIs(call: CallSnapshot | null): void;
}

interface WatchedOptions extends Omit<ConnectionOptions, "onHello" | "onLost" | "onHeard"> {
  /** Where to go, should the frame not say. */
  readonly url: string;
  /** What the phone was asked is lost. `silent`: it is being loaded anew; `reloaded`: it was. */
  readonly onLost: (reason: "silent" | "reloaded") => void;
}

export function createWatchedConnection({ url, onLost, ...options }: WatchedOptions): WatchedConnection {
  const { frame } = options;
  const watchdog = createWatchdog({
    clock,
    isHidden: () => document.hidden,
    ping: () => connection.ping(),
    onSilent() {
      connection.drop();
      onLost("silent");
    },
    reload: () => reloadFrame(frame, url),
  });
  const connection = createConnection({
    ...options,
    onConnected() {
      watchdog.connected();
      options.onConnected();
    },
    onHello: watchdog.greeted,
    onLost: () => onLost("reloaded"),
    onHeard: watchdog.heard,
  });
  frame.addEventListener("load", watchdog.loaded);
  return {
    get connected() {
      return connection.connected;
    },
    send: connection.send,
    callIs: (call) => watchdog.callIsUp(call !== null && call.phase !== "wrap-up" && call.phase !== "ended"),
    close() {
      frame.removeEventListener("load", watchdog.loaded);
      watchdog.close();
      connection.close();
    },
  };
}

const clock = {
  now: () => performance.now(),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
