/** Says on a lead's page what is going on with this lead. @param lead the one on screen, or undefined. @returns draws it again. */
export function createLeadBanner(place, lead) {
  let call = null;
  const show = () => {
    const shown = lead();
    const isTheirs = shown && call && (call.record?.id === shown.id || call.remoteNumber === shown.number);
    const text = isTheirs ? textOf(call, shown.name) : null;
    place.hidden = text === null;
    place.dataset.phase = call?.phase ?? "";
    if (place.textContent !== (text ?? "")) place.textContent = text ?? "";
  };
  return {
    show,
    follow(phone) {
      const set = (next) => {
        call = next;
        show();
      };
      phone.on("snapshot", (snapshot) => set(snapshot.call));
      phone.on("call-changed", (event) => set(event.call));
      // The phone died; whether the call goes on says the snapshot of the next one.
      phone.on("disconnected", () => set(null));
    },
  };
}

function textOf(call, name) {
  switch (call.phase) {
    case "ringing":
      return `${name} is calling.`;
    case "dialing":
    case "connecting":
      return call.direction === "outgoing" ? `You are calling ${name}.` : `Connecting you with ${name}.`;
    case "active":
      return call.heldHere ? `${name} is on hold.` : `You are on a call with ${name}.`;
    case "reconnecting":
      return `The call with ${name} is reconnecting.`;
    case "wrap-up":
      return "The call is over. Write its outcome in the phone.";
    default:
      return null;
  }
}
