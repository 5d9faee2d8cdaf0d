import type { Log, Unsubscribe } from "../core/ports.ts";

/** What nobody caught, ours or a vendor's, is at least in the log that the agent can send. */
export function logUncaught(page: EventTarget, log: Log): Unsubscribe {
  const undo = new AbortController();
  const write = (name: string, key: "error" | "reason") => (event: Event) => {
    const error: unknown = Reflect.get(event, key);
    log.write("error", name, { error });
  };
  page.addEventListener("error", write("uncaught", "error"), { signal: undo.signal });
  page.addEventListener("unhandledrejection", write("unhandled-rejection", "reason"), { signal: undo.signal });
  return () => undo.abort();
}
