import type { ConnectRequest } from "./api-call.ts";

const LONGEST_CALL_S = 14_400;
const RING_S = 30;

/** A parameter that the vendor would refuse: HTTP 400 with this sentence. */
export interface Refusal {
  readonly refused: string;
}

/**
 * Reads the parameters of `Calls/connect` (chapter 5.19). `CallType` is "mandatory" there and optional on the vendor's
 * developer site, and clients in the field leave it out: it is checked only when given.
 */
export function readConnect(form: URLSearchParams): ConnectRequest | Refusal {
  const missing = ["From", "To", "CallerId"].find((name) => !form.get(name)?.trim());
  if (missing) return { refused: `Invalid Call Parameters: No '${missing}' specified` };
  const callType = form.get("CallType");
  if (callType && callType !== "trans" && callType !== "promo") return wrong("CallType");
  const timeLimit = wholeNumber(form.get("TimeLimit"), LONGEST_CALL_S);
  if (timeLimit === null || timeLimit < 1 || timeLimit > LONGEST_CALL_S) return wrong("TimeLimit");
  const timeOut = wholeNumber(form.get("TimeOut"), RING_S);
  if (timeOut === null || timeOut < 1) return wrong("TimeOut");
  if (wholeNumber(form.get("MaxRetries"), 3) === null) return wrong("MaxRetries");
  const statusCallback = form.get("StatusCallback") || null;
  if (statusCallback && !/^https?:$/.test(URL.parse(statusCallback)?.protocol ?? "")) return wrong("StatusCallback");
  const type = form.get("StatusCallbackContentType") || "multipart/form-data";
  if (type !== "multipart/form-data" && type !== "application/json") return wrong("StatusCallbackContentType");
  return {
    from: form.get("From")?.trim() ?? "",
    to: form.get("To")?.trim() ?? "",
    callerId: form.get("CallerId")?.trim() ?? "",
    timeLimitMs: timeLimit * 1_000,
    timeOutMs: timeOut * 1_000,
    record: form.get("Record") !== "false",
    statusCallback,
    statusCallbackEvents: [...form].flatMap(([name, value]) =>
      /^StatusCallbackEvents(\[\d*\])?$/.test(name) && (value === "terminal" || value === "answered") ? [value] : [],
    ),
    statusCallbackContentType: type,
    customField: form.get("CustomField"),
  };
}

function wrong(name: string): Refusal {
  return { refused: `Invalid Parameter: ${name} is missing or invalid` };
}

function wholeNumber(text: string | null, fallback: number): number | null {
  if (!text) return fallback;
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}
