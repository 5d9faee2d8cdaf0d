import { element, icon } from "./element.js";

const KEPT = 300;

/** The live view of the host protocol. */
export function createProtocolLog(list, empty) {
  return (direction, message) => {
    empty.hidden = true;
    const sent = direction === "sent";
    const number = message.sequence === undefined ? "" : ` #${message.sequence}`;
    list.prepend(
      element(
        "li",
        { "data-direction": direction, "data-type": message.type },
        element("time", {}, new Date().toLocaleTimeString("en-GB")),
        element(
          "span",
          { className: direction, title: sent ? "to the phone" : "from the phone" },
          icon(sent ? "arrow-up-right" : "arrow-down-left"),
        ),
        element("strong", {}, message.type + number),
        element("code", {}, JSON.stringify(masked(message.payload))),
      ),
    );
    while (list.childElementCount > KEPT) list.lastElementChild.remove();
  };
}

/** Passwords and pressed digits do not belong on a screen; they may be a card number. */
function masked(value) {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, /^(password|digits)$/.test(key) ? "•••" : masked(inner)]));
}
