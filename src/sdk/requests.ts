import type { FailureCode as ProtocolFailureCode, HostRequests, HostRequestType } from "../protocol/host.ts";
import { plain } from "./plain.ts";
import type { Message, OpenOptions } from "./softphone.d.ts";

type Answerers = { readonly [T in HostRequestType]: ((ask: HostRequests[T]["ask"]) => Promise<HostRequests[T]["answer"]>) | null };
/** Without a prototype: the type of a message is looked up in it. */
type Lookup = Readonly<Record<string, ((ask: unknown) => Promise<unknown>) | null | undefined>>;

/** What the page can do, from the handlers that it gave. */
export interface Answering {
  readonly capabilities: readonly string[];
  /** `null`: the message is no request. Never rejects. */
  answer(message: Message): Promise<Pick<Message, "type" | "payload">> | null;
}

export function createAnswering({ onMatchNumber, onPopRecord, onSaveCallLog, onPlaceCall }: OpenOptions): Answering {
  const answerers: Answerers = {
    "match-number": onMatchNumber ? async (ask) => ({ records: await onMatchNumber(ask) }) : null,
    "pop-record": onPopRecord ? async (ask) => (await onPopRecord(ask), {}) : null,
    "save-call-log": onSaveCallLog ? async (log) => (await onSaveCallLog(log), { stored: true }) : null,
    "place-call": onPlaceCall ? async (ask) => (await onPlaceCall(ask)) ?? {} : null,
  };
  const lookup = Object.assign(Object.create(null), answerers) as Lookup;
  return {
    capabilities: Object.keys(answerers).filter((type) => lookup[type]),
    answer({ type, payload }) {
      const answerer = lookup[type];
      if (answerer === undefined) return null;
      if (answerer === null) return Promise.resolve(failed("not-supported"));
      return answerer(payload)
        .then((answer) => ({ type: "reply", payload: plain(answer) }))
        .catch((error: unknown) => failed(codeOf(error)));
    },
  };
}

function failed(code: ProtocolFailureCode): Pick<Message, "type" | "payload"> {
  return { type: "failed", payload: { code } };
}

function codeOf(error: unknown): ProtocolFailureCode {
  const code: unknown = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  if (code === "not-supported" || code === "number-invalid" || code === "dial-failed" || code === "not-possible-now") return code;
  // The page's own mistake: its developer must see it.
  reportError(error);
  return "not-possible-now";
}
