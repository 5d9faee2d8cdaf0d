import type { Log } from "../../core/ports.ts";
import { PROTOCOL_VERSION, type RefusalCode } from "../../protocol/host.ts";
import type { PagePort } from "./frame-window.ts";

/** The port to the page while it is the one in use. Posting never throws. */
export interface PageLink {
  post(message: { readonly id: string; readonly type: string; readonly payload: unknown; readonly sequence?: number }): void;
  refuse(id: string | null, code: RefusalCode, field: string | null): void;
  close(): void;
}

export function openPageLink(port: PagePort, log: Pick<Log, "write">, onData: (data: unknown) => void): PageLink {
  const post = (message: { readonly id: string | null; readonly type: string; readonly payload: unknown }): void => {
    try {
      port.postMessage({ softphone: PROTOCOL_VERSION, ...message });
    } catch (error) {
      log.write("error", "host-post-failed", { type: message.type, error: error instanceof Error ? error.name : null });
    }
  };
  const refuse = (id: string | null, code: RefusalCode, field: string | null): void => {
    if (code !== "too-many") log.write("warn", "host-message-refused", { code, field });
    post({ id, type: "refused", payload: { code, field } });
  };
  const onMessage = (event: { readonly data: unknown }): void => onData(event.data);
  const onGarbled = (): void => refuse(null, "malformed", null);
  port.addEventListener("message", onMessage);
  port.addEventListener("messageerror", onGarbled);
  port.start();
  return {
    post,
    refuse,
    close() {
      port.removeEventListener("message", onMessage);
      port.removeEventListener("messageerror", onGarbled);
      port.close();
    },
  };
}
