import { PhoneError } from "../../core/errors.ts";
import type { Clock, Unsubscribe } from "../../core/ports.ts";
import type { Envelope, HostRequests, HostRequestType } from "../../protocol/host.ts";
import { parseAnswer, parseFailed, type Refusal } from "../../protocol/parse.ts";

/** The phone's questions to the page that are not answered yet. */
export interface Requests {
  ask<T extends HostRequestType>(type: T, payload: HostRequests[T]["ask"]): Promise<HostRequests[T]["answer"]>;
  /** A page is there and can answer these: asks it everything that is still open. */
  connected(capabilities: readonly HostRequestType[], send: Send): void;
  disconnected(): void;
  /** Whether `id` is an open question; its answer is never too many. */
  isOpen(id: string): boolean;
  /** Takes a `reply` or `failed`; a refusal where it does not fit the question. */
  answered(message: Envelope): Refusal | null;
  dispose(): void;
}

type Send = (id: string, type: HostRequestType, payload: unknown) => void;

interface Open {
  readonly type: HostRequestType;
  readonly payload: unknown;
  sent: boolean;
  readonly resolve: (answer: HostRequests[HostRequestType]["answer"]) => void;
  readonly reject: (error: PhoneError) => void;
  readonly stopTimer: Unsubscribe;
}

export function createRequests(clock: Clock, timeoutMs: number, newId: () => string): Requests {
  const open = new Map<string, Open>();
  let closed = false;
  let link: { readonly capabilities: readonly HostRequestType[]; readonly send: Send } | null = null;

  const settle = (id: string, how: (request: Open) => void): void => {
    const request = open.get(id);
    if (request === undefined) return;
    open.delete(id);
    request.stopTimer();
    how(request);
  };
  const put = (id: string, request: Open): void => {
    if (link === null) return;
    if (!link.capabilities.includes(request.type)) return settle(id, ({ reject }) => reject(new PhoneError("not-supported")));
    // A call must never be placed twice: the page that was asked first may have done it before it went.
    if (request.sent && request.type === "place-call") return settle(id, ({ reject }) => reject(new PhoneError("host-silent")));
    request.sent = true;
    link.send(id, request.type, request.payload);
  };

  return {
    ask(type, payload) {
      if (closed) return Promise.reject(new PhoneError("host-silent"));
      // The other questions may wait for the page; a call that starts seconds after the click is not wanted any more.
      if (link === null && type === "place-call") return Promise.reject(new PhoneError("host-silent"));
      return new Promise((resolve, reject) => {
        const id = newId();
        const stopTimer = clock.after(timeoutMs, () => settle(id, () => reject(new PhoneError("host-silent"))));
        const request: Open = { type, payload, sent: false, resolve, reject, stopTimer };
        open.set(id, request);
        put(id, request);
      });
    },
    connected(capabilities, send) {
      link = { capabilities, send };
      for (const [id, request] of open) put(id, request);
    },
    disconnected() {
      link = null;
    },
    isOpen: (id) => open.has(id),
    answered(message) {
      const request = open.get(message.id);
      if (request === undefined) return null;
      const parsed = message.type === "reply" ? parseAnswer(request.type, message.payload) : parseFailed(message.payload);
      settle(message.id, ({ type, resolve, reject }) => {
        if (parsed.ok && !("code" in parsed.value)) resolve(parsed.value);
        else reject(failure(type, parsed.ok && "code" in parsed.value ? parsed.value.code : null));
      });
      return parsed.ok ? null : parsed;
    },
    dispose() {
      closed = true;
      for (const id of open.keys()) settle(id, ({ reject }) => reject(new PhoneError("host-silent")));
      link = null;
    },
  };
}

/** `null`: the answer could not be read. */
function failure(type: HostRequestType, code: "not-supported" | "number-invalid" | "not-possible-now" | "dial-failed" | null): PhoneError {
  if (code === "not-supported" || code === "number-invalid") return new PhoneError(code);
  return new PhoneError(type === "place-call" ? "dial-failed" : "not-possible-now");
}
