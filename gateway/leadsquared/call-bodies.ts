import type { CountryCode } from "libphonenumber-js/min";
import type { Agent } from "../agents/agent.ts";
import type { LedgerEntry } from "../calls/call-ledger.ts";
import type { CallView } from "../calls/call-view.ts";
import type { LeadSquaredConfig } from "../config/gateway-config.ts";
import { istTime } from "../exotel/ist-time.ts";
import { telephonyNumber } from "./telephony-number.ts";

export interface BodyParts {
  readonly config: LeadSquaredConfig;
  readonly country: CountryCode;
  readonly publicUrl: string;
  readonly callerIds: readonly string[];
}

type Body = Readonly<Record<string, string>>;

/** `AgentPopup`: LeadSquared shows its form for this call. */
export function popupBody(parts: BodyParts, call: LedgerEntry, agent: Agent | null): Body {
  return { ...whoAndWhom(parts, call, agent), StartTime: istTime(call.view.createdAt), Status: parts.config.statuses.answered };
}

/** `ShowAgentPopup` of the accessKey API: no times, and the user by his id. */
export function showPopupBody(parts: BodyParts, call: LedgerEntry, agent: Agent | null): Body {
  const {
    SourceNumber = "",
    DestinationNumber = "",
    DisplayNumber = "",
    Direction = "",
    CallSessionId = "",
    LeadId = "",
  } = whoAndWhom(parts, call, agent);
  const user = ifAny("UserId", agent?.crmUser ?? "");
  return { SourceNumber, DestinationNumber, DisplayNumber, Direction, CallSessionId, ...ifAny("LeadId", LeadId), ...user };
}

/** `LogCallComplete`: times in India, source and destination by direction, the agent's note and everything that is mapped. */
export function logBody(parts: BodyParts, call: LedgerEntry, agent: Agent | null): Body {
  const { view } = call;
  const endedAt = Math.max(view.endedAt ?? view.createdAt, view.createdAt);
  const hasRecording = view.recordingUrl !== null || (parts.config.asynchronous !== undefined && view.answeredAt !== null);
  const wholeSeconds = Math.floor(view.createdAt / 1_000) * 1_000;
  return {
    ...whoAndWhom(parts, call, agent),
    StartTime: istTime(view.createdAt),
    StartTimeUTC: new Date(wholeSeconds).toUTCString(),
    EndTime: istTime(endedAt),
    CallDuration: String(view.talkSeconds),
    Status: statusOf(parts.config, view),
    ...ifAny("CallNotes", notesOf(parts.config, view)),
    ...(hasRecording ? { ResourceURL: recordingLink(parts.publicUrl, call.id) } : {}),
    ...customFields(parts.config, view),
  };
}

/** Our own address: who opens it must be signed in, and the vendor's never leaves this server. */
export function recordingLink(publicUrl: string, callId: string): string {
  return `${publicUrl}/api/recordings/${callId}`;
}

function whoAndWhom({ country, callerIds }: BodyParts, { id, view }: LedgerEntry, agent: Agent | null): Body {
  const lead = telephonyNumber(view.customerNumber, country);
  const company = telephonyNumber(view.companyNumber ?? callerIds[0] ?? "", country);
  const agentNumber = agent?.phoneNumber ?? (view.agentName?.startsWith("sip:") ? null : view.agentName);
  // A softphone has no number of its own; LeadSquared finds the agent by AgentId.
  const own = agentNumber === null ? company : telephonyNumber(agentNumber, country);
  const isOutgoing = view.direction === "outgoing";
  return {
    SourceNumber: isOutgoing ? own : lead,
    DestinationNumber: isOutgoing ? lead : own,
    DisplayNumber: company,
    Direction: isOutgoing ? "Outbound" : "Inbound",
    CallSessionId: view.exotelSid ?? id,
    ...ifAny("AgentId", agent?.agentIdentifier ?? ""),
    ...ifAny("LeadId", view.leadId ?? ""),
    ...ifAny("IVR", view.digits),
  };
}

function statusOf({ statuses }: LeadSquaredConfig, view: CallView): string {
  if (view.outcome === "voicemail") return statuses.voicemail;
  if (view.outcome === "completed" || (view.outcome === null && view.talkSeconds > 0)) return statuses.answered;
  const own = { busy: statuses.busy, "no-answer": statuses.noAnswer, failed: statuses.failed, canceled: statuses.canceled };
  return (view.outcome === null ? undefined : own[view.outcome]) ?? statuses.missed;
}

/** What is mapped to a field of its own is not repeated in the note. */
function notesOf({ customFields: mapped }: LeadSquaredConfig, view: CallView): string {
  const taken = new Set(Object.values(mapped));
  const fields = Object.entries(view.fields).filter(([name, value]) => value !== "" && !taken.has(name));
  return [
    view.notes,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    ...(view.followUp && !taken.has("followUp") ? [`Follow-up ${followUpOf(view)}`] : []),
  ]
    .filter(Boolean)
    .join("\n");
}

function customFields({ customFields: mapped }: LeadSquaredConfig, view: CallView): Body {
  const values: Readonly<Record<string, string>> = {
    ...view.fields,
    followUp: followUpOf(view),
    answeredBy: view.answeredBy ?? "",
    digits: view.digits,
  };
  return Object.fromEntries(Object.entries(mapped).flatMap(([key, name]) => (values[name] ? [[key, values[name]]] : [])));
}

function followUpOf({ followUp }: CallView): string {
  return followUp ? `${istTime(followUp.dueAt)} ${followUp.text}`.trim() : "";
}

function ifAny(name: string, value: string): Body {
  return value === "" ? {} : { [name]: value };
}
