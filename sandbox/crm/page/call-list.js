import { element, icon, readable } from "./element.js";

const END = {
  "hung-up-here": "Agent hung up",
  "hung-up-there": "Customer hung up",
  rejected: "Declined",
  missed: "Missed",
  "answered-elsewhere": "Answered elsewhere",
  cancelled: "Cancelled",
  busy: "Busy",
  "no-answer": "No answer",
  failed: "Failed",
  "media-denied": "No microphone",
  "connection-lost": "Connection lost",
  transferred: "Transferred",
};

/** More would make each new call slower than the one before: every row has a player. */
const SHOWN = 50;

/** The table of the newest calls. `stored`: what the CRM's server answers, newest first. */
export function callList(stored) {
  if (stored.length === 0)
    return element("p", { className: "empty" }, "No calls yet. When a call is over and its outcome is written, it appears here.");
  const head = ["Customer", "When", "Talk", "Outcome and notes"].map((text) => element("th", { scope: "col" }, text));
  const rows = stored.slice(0, SHOWN).map(row);
  return element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
}

function row({ log, recording, deliveries, agent }) {
  const { call, disposition, talkSeconds } = log;
  const incoming = call.direction === "incoming";
  const name = call.record?.name ?? call.remoteName ?? "Unknown";
  const outcome = Object.values(disposition.fields).join(" · ");
  return element(
    "tr",
    { "data-log-id": log.logId, "data-deliveries": deliveries },
    element(
      "td",
      {},
      icon(incoming ? "phone-incoming" : "phone-outgoing"),
      element("strong", {}, ` ${name}`),
      element("small", {}, `${readable(call.remoteNumber)} · ${incoming ? "in" : "out"}${agent ? ` · ${agent}` : ""}`),
    ),
    element(
      "td",
      {},
      new Date(call.startedAt).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }),
      element("small", {}, END[call.endReason] ?? ""),
    ),
    element("td", {}, `${Math.floor(talkSeconds / 60)}:${String(Math.round(talkSeconds % 60)).padStart(2, "0")}`),
    element(
      "td",
      {},
      outcome ? element("span", { className: "stage" }, outcome) : null,
      disposition.notes ? element("div", { className: "notes" }, disposition.notes) : null,
      disposition.followUp
        ? element(
            "small",
            {},
            `Follow up ${new Date(disposition.followUp.dueAt).toLocaleDateString("en-GB")}: ${disposition.followUp.text}`,
          )
        : null,
      recording
        ? element("audio", { controls: true, preload: "none", src: recording, "aria-label": `Recording of the call with ${name}` })
        : null,
    ),
  );
}
