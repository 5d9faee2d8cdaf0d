/** Buttons that play the world around the agent. A real CRM has nothing like this. */
import { element, readable } from "./element.js";
import { get, post } from "./server.js";

const BEHAVIOURS = [
  ["Echoes", { name: "Meera Nair", number: "+918000000002", behaviour: "echoes" }],
  ["Stays silent", { name: "Farhan Sheikh", number: "+918000000003", behaviour: "silent" }],
  ["Gives up", { name: "Arjun Mehta", number: "+918000000005", behaviour: "gives-up", ringMs: 6_000 }],
  ["Hangs up first", { name: "Sunita Rao", number: "+918000000006", behaviour: "hangs-up", talkMs: 8_000 }],
  ["Puts you on hold", { name: "Imran Qureshi", number: "+918000000007", behaviour: "holds" }],
  ["Presses digits", { name: "Divya Pillai", number: "+918000000008", behaviour: "presses-digits", digits: "42#" }],
  ["Is not in the CRM", { name: "", number: "+918000000099", behaviour: "speaks" }],
];
const SPEAKS = { name: "Ravi Kumar", number: "+918000000001", behaviour: "speaks" };

const STATUS = { queued: "is calling", ringing: "rings", "in-progress": "is on the line" };

const ROUND_MS = 1_500;

/** @param agent who is rung. @param notice shows a failure. */
export function createSimulator(places, agent, notice) {
  const { ring, behaviours, troubles, bar, calls } = places;
  /** Calls made here of which it is not known yet whether they rang. */
  const made = new Set();
  const ringAs = (customer) => guarded(async () => made.add((await post("/api/simulate/calls", { agent: agent(), customer })).sid));
  const guarded = async (run) => {
    try {
      await run();
      await refresh();
    } catch (error) {
      notice(error.message);
    }
  };
  let round = 0;
  const refresh = async () => {
    const mine = (round += 1);
    const all = await get("/api/simulate/calls");
    if (mine !== round) return; // An answer that was overtaken says what is no longer so.
    for (const call of all.filter(({ sid }) => made.has(sid))) {
      if (call.ringingAt !== null || call.endedAt !== null) made.delete(call.sid);
      if (call.ringingAt === null && call.status === "failed")
        notice(`Nobody is signed in as ${call.agent}, so nothing rings. Sign in first.`);
    }
    const living = all.filter((call) => call.endedAt === null && call.agent === agent());
    calls.replaceChildren(...living.map((call) => callRow(call, guarded)));
    bar.hidden = living.length === 0;
  };

  ring.addEventListener("click", () => ringAs(SPEAKS));
  behaviours.append(
    ...BEHAVIOURS.map(([label, customer]) => element("button", { type: "button", onclick: () => ringAs(customer) }, label)),
  );
  troubles.append(
    ...[
      ["Close the phone's socket", () => post("/api/simulate/sockets", { agent: agent(), action: "close" })],
      ["Silence the socket", () => post("/api/simulate/sockets", { agent: agent(), action: "silence" })],
      ["End the silence", () => post("/api/simulate/sockets", { agent: agent(), action: "resume" })],
      ["Restart the network", () => post("/api/simulate/restart", { downMs: 3_000 })],
    ].map(([label, run]) => element("button", { type: "button", onclick: () => guarded(run) }, label)),
  );
  // Quiet failures: the sandbox may be restarting, and the next round tells.
  const refreshQuietly = () => void refresh().catch(() => {});
  setInterval(() => {
    if (document.visibilityState === "visible") refreshQuietly();
  }, ROUND_MS);
  return { refresh: refreshQuietly };
}

function callRow(call, guarded) {
  const act = (what, body) => () => guarded(() => post(`/api/simulate/calls/${call.sid}/${what}`, body));
  const facts = [
    STATUS[call.status],
    call.digits ? `pressed ${call.digits}` : "",
    call.heldByAgent ? "on hold" : "",
    call.heard.energy > 0.00001 ? "hears you" : "",
  ];
  return element(
    "li",
    {},
    element("strong", {}, call.customer.name || readable(call.customer.number)),
    element("span", {}, facts.filter(Boolean).join(", ")),
    call.answeredAt
      ? element(
          "button",
          { type: "button", onclick: act("hold", { held: !call.heldByCustomer }) },
          call.heldByCustomer ? "Customer resumes" : "Customer holds",
        )
      : null,
    element("button", { type: "button", onclick: act("hangup") }, "Customer hangs up"),
  );
}
