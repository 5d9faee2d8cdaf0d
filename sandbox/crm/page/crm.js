/** The demo CRM's page. What concerns the phone is in `softphone.js`; this file is the CRM around it. */
import { followAgent } from "./agent-state.js";
import { callList } from "./call-list.js";
import { element, icon, readable } from "./element.js";
import { createLeadBanner } from "./lead-banner.js";
import { createProtocolLog } from "./protocol-log.js";
import { get } from "./server.js";
import { createSimulator } from "./simulator.js";
import { openSoftphone, recordOf, signIn } from "./softphone.js";

const VIEWS = ["leads", "lead", "calls", "protocol"];
const at = (id) => document.getElementById(id);
const phoneUrl = `${document.querySelector("script[data-phone]").dataset.phone}/`;
/** Tells the other tabs of this CRM that a call was stored. */
const tabs = new BroadcastChannel("banyan-crm");

let leads = [];
let phone = null;
let shownLead;
const banner = createLeadBanner(at("lead-banner"), () => shownLead);

const agentSelect = at("agent");
agentSelect.addEventListener("change", () => {
  sessionStorage.setItem("agent", agentSelect.value);
  void showCredentials();
  if (at("sign-in-always").checked) void signInNow();
});

let phoneAgent = null;
const simulator = createSimulator(
  { ring: at("ring"), behaviours: at("behaviours"), troubles: at("troubles"), bar: at("customers"), calls: at("simulated-calls") },
  () => phoneAgent ?? agentSelect.value,
  notice,
);

// First: a call may be up, and the phone asks this page who it is with.
startPhone();
const loading = load();
await loading;
tabs.addEventListener("message", showCalls);
addEventListener("hashchange", showView);
showView();

async function load() {
  const [found, agents] = await Promise.all([get("/api/leads"), get("/api/agents")]);
  leads = found;
  agentSelect.append(...agents.map(({ user, displayName }) => element("option", { value: user }, displayName)));
  agentSelect.value = sessionStorage.getItem("agent") ?? agents[0]?.user ?? "";
  showLeads();
  await Promise.all([showCredentials(), showCalls()]);
}

function startPhone() {
  if (!globalThis.Softphone) {
    at("softphone").replaceChildren(
      element("p", { className: "missing" }, "The softphone's library did not load. Is the phone's server running, and built?"),
    );
    return;
  }
  phone = openSoftphone(phoneUrl, at("softphone-frame"), {
    agent: () => agentSelect.value || sessionStorage.getItem("agent"),
    openLead: popLead,
    openUnknown: (number) => notice(`${readable(number)} is not in the CRM yet`),
    saved: () => {
      tabs.postMessage("call stored");
      void showCalls();
    },
    traffic: createProtocolLog(at("messages"), at("no-messages")),
  });
  phone.on("connected", tellContext);
  followAgent(phone, at("agent-state"));
  phone.on("snapshot", ({ agent }) => (phoneAgent = agent));
  phone.on("signed-in", ({ agent }) => (phoneAgent = agent));
  phone.on("signed-out", () => (phoneAgent = null));
  banner.follow(phone);
  // What the customer does follows the call instead of the next round; the goodbye is on its way a moment longer.
  phone.on("call-changed", () => {
    simulator.refresh();
    setTimeout(simulator.refresh, 300);
  });

  at("sign-in").addEventListener("click", signInNow);
  at("sign-out").addEventListener("click", () => phone.signOut().catch((error) => notice(`The phone refused: ${error.code}`)));
  const always = at("sign-in-always");
  always.checked = localStorage.getItem("sign-in-always") === "yes";
  always.addEventListener("change", () => {
    localStorage.setItem("sign-in-always", always.checked ? "yes" : "no");
    if (always.checked && phoneAgent === null) void signInNow();
  });
  phone.on("snapshot", ({ agent }) => {
    if (always.checked && agent === null) void signInNow();
  });
}

async function signInNow() {
  try {
    await loading;
    await signIn(phone, agentSelect.value);
  } catch (error) {
    notice(`The phone did not sign in: ${error.code ?? error.message}`);
  }
}

function call(lead) {
  phone?.dial({ number: lead.number, record: recordOf(lead) }).catch((error) => notice(`The call was not placed: ${error.code}`));
}

function callButton(lead) {
  const label = readable(lead.number);
  return element(
    "button",
    { type: "button", className: "number", "aria-label": `Call ${lead.name}, ${label}`, onclick: () => call(lead) },
    icon("phone"),
    label,
  );
}

function showLeads() {
  at("lead-rows").replaceChildren(
    ...leads.map((lead) =>
      element(
        "tr",
        {},
        element("td", {}, element("a", { className: "name", href: `#/leads/${lead.id}` }, lead.name), element("small", {}, lead.company)),
        element("td", {}, callButton(lead), element("small", {}, lead.behaves)),
        element("td", { className: "wide" }, element("span", { className: "stage" }, lead.stage)),
      ),
    ),
  );
}

/** A call brought this lead up. */
function popLead(id) {
  if (location.hash === `#/leads/${id}`) showView();
  else location.hash = `#/leads/${id}`;
}

function showView() {
  const [, name = "leads", id] = location.hash.split("/");
  const lead = name === "leads" && id ? leads.find((one) => one.id === id) : undefined;
  const view = lead ? "lead" : VIEWS.includes(name) ? name : "leads";
  for (const one of VIEWS) at(one).hidden = one !== view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#/${name || "leads"}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  shownLead = lead;
  banner.show();
  if (lead) showLead(lead);
  document.title = lead ? `${lead.name} – Banyan CRM` : "Banyan CRM";
  if (phone?.connected) tellContext();
  if (view === "calls") {
    void showCalls();
    void showExotel();
  }
}

/** The phone shows, and logs calls against, what is on screen. Each load of it has to be told: it may have crashed. */
function tellContext() {
  phone.setContext(shownLead ? recordOf(shownLead) : null, shownLead?.number).catch(() => {});
}

function showLead(lead) {
  at("lead-title").textContent = lead.name;
  at("lead-subtitle").textContent = `${lead.company}, ${lead.city}`;
  const facts = [
    ["Number", callButton(lead)],
    ["Stage", element("span", { className: "stage" }, lead.stage)],
    ["Lead id", lead.id],
    ["This customer", lead.behaves],
  ];
  at("lead-facts").replaceChildren(...facts.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
  void showCalls();
}

async function showCalls() {
  const stored = await get("/api/call-logs").catch(() => null);
  if (stored === null) return;
  at("call-count").textContent = stored.length === 0 ? "" : String(stored.length);
  at("all-calls").replaceChildren(callList(stored));
  const id = location.hash.split("/")[2];
  const number = leads.find((lead) => lead.id === id)?.number;
  at("lead-calls").replaceChildren(callList(stored.filter(({ log }) => log.call.record?.id === id || log.call.remoteNumber === number)));
}

async function showExotel() {
  const callbacks = await get("/api/exotel").catch(() => []);
  at("exotel").replaceChildren(
    ...[...callbacks]
      .reverse()
      .map(({ at: when, kind, values }) =>
        element(
          "li",
          {},
          element("time", {}, new Date(when).toLocaleTimeString("en-GB")),
          element("span", { className: "received" }, icon("arrow-down-left")),
          element("strong", {}, kind),
          element("code", {}, JSON.stringify(values)),
        ),
      ),
  );
}

async function showCredentials() {
  if (!agentSelect.value) return;
  const { sipId, password, domain, proxy } = await get(`/api/agents/${encodeURIComponent(agentSelect.value)}/credentials`);
  const rows = [
    ["SIP ID", sipId],
    ["SIP password", password],
    ["VoIP domain", domain],
    ["VoIP proxy", proxy],
  ];
  at("credentials").replaceChildren(
    ...rows.flatMap(([term, value]) => [
      element("dt", {}, term),
      element(
        "dd",
        {},
        value,
        element(
          "button",
          { type: "button", "aria-label": `Copy ${term}`, onclick: () => navigator.clipboard.writeText(value) },
          icon("copy"),
        ),
      ),
    ]),
  );
}

let noticeEnds;
function notice(text) {
  const place = at("notice");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(noticeEnds);
  noticeEnds = setTimeout(() => (place.hidden = true), 6_000);
}
