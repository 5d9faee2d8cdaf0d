/** What LeadSquared's connector refuses in a call log or a popup, as far as its documents say so; `null`: nothing. */

const IST_OFFSET_MS = 5.5 * 3_600_000;
/** A log is written minutes after its call. A time zone that is wrong is five and a half hours off. */
const PLAUSIBLE_MS = 5 * 3_600_000;

type Body = Readonly<Record<string, unknown>>;

export function refusalOfLog(body: Body, now: number): string | null {
  const missing = ["SourceNumber", "DestinationNumber", "DisplayNumber", "StartTime", "Status", "Direction", "CallSessionId"].find(
    (name) => !isText(body[name]),
  );
  if (missing) return `${missing} is mandatory`;
  if (!isSeconds(body["CallDuration"] ?? body["Duration"])) return "CallDuration is mandatory, in seconds";
  return refusalOfTimes(body, now) ?? refusalOfWords(body);
}

export function refusalOfPopup(body: Body): string | null {
  const missing = ["SourceNumber", "DestinationNumber", "DisplayNumber", "Direction", "CallSessionId"].find((name) => !isText(body[name]));
  return missing ? `${missing} is mandatory` : refusalOfWords(body);
}

function refusalOfWords(body: Body): string | null {
  if ("AgentName" in body) return "AgentName is deprecated; use AgentId";
  if (!["Inbound", "Outbound"].includes(String(body["Direction"]))) return "Direction is Inbound or Outbound";
  if ("Status" in body && !["Answered", "Missed", "Voicemail"].includes(String(body["Status"]))) return "Status is unknown";
  for (const name of ["SourceNumber", "DestinationNumber", "DisplayNumber"]) {
    const number = String(body[name]);
    if (number.startsWith("+") && !/^\+\d{1,3}-\d{6,14}$/.test(number)) return `${name}: a hyphen belongs behind the country code`;
  }
  return null;
}

/** `StartTime` is Indian Standard Time, `StartTimeUTC` the same moment as an HTTP date. */
function refusalOfTimes(body: Body, now: number): string | null {
  const start = readIst(body["StartTime"]);
  if (start === null) return "StartTime must be yyyy-MM-dd HH:mm:ss";
  if (Math.abs(now - start) > PLAUSIBLE_MS) return "StartTime is not in Indian Standard Time";
  if ("StartTimeUTC" in body && Date.parse(String(body["StartTimeUTC"])) !== start) return "StartTimeUTC is another moment than StartTime";
  const end = "EndTime" in body ? readIst(body["EndTime"]) : start;
  return end === null || end < start ? "EndTime must be yyyy-MM-dd HH:mm:ss, after StartTime" : null;
}

function readIst(value: unknown): number | null {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)) return null;
  const at = Date.parse(`${value.replace(" ", "T")}Z`);
  return Number.isNaN(at) ? null : at - IST_OFFSET_MS;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
function isSeconds(value: unknown): boolean {
  return (typeof value === "string" || typeof value === "number") && /^\d{1,6}$/.test(String(value));
}
