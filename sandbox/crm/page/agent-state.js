const LINE = {
  "signed-out": ["off", "Signed out"],
  offline: ["bad", "Offline"],
  connecting: ["wait", "Connecting"],
  ready: ["good", "Ready"],
  retrying: ["wait", "Reconnecting"],
  refused: ["bad", "Sign-in refused"],
  "taken-elsewhere": ["off", "Phone is in another tab"],
  off: ["off", "Off"],
};
/** Registered, and still a call would not ring, or could not be answered. */
const MISSING = {
  page: ["wait", "Asleep"],
  microphone: ["bad", "No microphone"],
  ringing: ["bad", "Silent: click in the phone"],
};
const CALL = {
  dialing: ["wait", "Calling"],
  ringing: ["wait", "Ringing"],
  connecting: ["wait", "Connecting the call"],
  active: ["good", "In a call"],
  reconnecting: ["wait", "Call is reconnecting"],
  "wrap-up": ["wait", "Wrap-up"],
};

/** Shows what the agent is doing, from the phone's events: the call where there is one, else the line. */
export function followAgent(phone, place) {
  let line = { state: "signed-out", missing: ["registration"] };
  let call = null;
  const say = (state, word) => {
    place.dataset.state = state;
    place.textContent = word;
  };
  const show = () => {
    const [state, word] = (call && CALL[call.phase]) ?? MISSING[line.missing[0]] ?? LINE[line.state] ?? ["off", line.state];
    say(state, word);
  };
  phone.on("snapshot", (snapshot) => {
    line = snapshot.line;
    call = snapshot.call;
    show();
  });
  phone.on("line-changed", (event) => {
    line = event.line;
    show();
  });
  phone.on("call-changed", (event) => {
    call = event.call.phase === "ended" ? null : event.call;
    show();
  });
  phone.on("disconnected", () => say("wait", "Phone is coming back"));
  say("off", "Phone is loading");
}
