/**
 * The softphone in a CRM page: all an integrator writes. Everything here uses the public library (`softphone.js` of the
 * phone's origin, global `Softphone`) and the CRM's own server; copy it and change what the functions do.
 */
import { get, post } from "./server.js";

/**
 * @param url the phone's page.
 * @param frame where it is loaded.
 * @param crm what this CRM does: `agent()` who works here, `openLead(id, call)`, `openUnknown(number, call)`, `saved()`, `traffic(direction, message)`.
 */
export function openSoftphone(url, frame, crm) {
  let signedIn = null;
  const phone = globalThis.Softphone.open({
    url,
    ...placeIn(frame),

    // Who is calling? Answered from the CRM's database, best match first.
    onMatchNumber: async ({ number }) => (await get(`/api/leads/match?number=${encodeURIComponent(number)}`)).map(recordOf),

    // Show this lead; without one, show that the caller is new.
    onPopRecord: ({ record, number, call }) => (record ? crm.openLead(record.id, call) : crm.openUnknown(number, call)),

    // Resolve only when the call is stored. The server stores each `logId` once, so it does not matter that it may come twice.
    onSaveCallLog: async (log) => {
      await storeCallLog({ agent: signedIn ?? crm.agent(), log });
      crm.saved();
    },

    // The page asks its server and the server asks Exotel: no key ever reaches the browser.
    onPlaceCall: async ({ number, callId }) => {
      try {
        return await post("/api/place-call", { agent: signedIn ?? crm.agent(), number, callId });
      } catch (error) {
        throw Object.assign(error, { code: error.status === 400 ? "number-invalid" : "dial-failed" });
      }
    },

    onTraffic: crm.traffic,
  });
  phone.on("signed-in", ({ agent }) => (signedIn = agent));
  phone.on("signed-out", () => (signedIn = null));
  phone.on("snapshot", ({ agent }) => (signedIn = agent));
  return phone;
}

/** Signs the agent in with credentials that the CRM's server holds, so that nobody has to type them. */
export async function signIn(phone, agent) {
  await phone.signIn(await get(`/api/agents/${encodeURIComponent(agent)}/credentials`));
}

/** How this CRM's records look to the phone. */
export function recordOf(lead) {
  return { type: "Lead", id: lead.id, name: lead.name, detail: `${lead.stage} · ${lead.company}` };
}

async function storeCallLog(body) {
  try {
    await post("/api/call-logs", body);
  } catch (error) {
    // The sandbox plays a connection that drops after storing: then no answer comes at all, neither good nor bad.
    if (error.answer?.lost) await new Promise(() => {});
    throw error;
  }
}

/** Only for tests: `/?allow=none` embeds the phone as a CRM does that forgot to delegate the microphone. */
function placeIn(frame) {
  if (new URLSearchParams(location.search).get("allow") !== "none") return { frame };
  const container = frame.parentElement;
  frame.remove();
  return { container, title: frame.title, allow: "autoplay" };
}
