/** Plays LeadSquared: merges the Panel URL as it does and puts the frame into the page. `?agent=`, `?email=`, `?template=`, `?allow=` change it. */
import { element } from "./element.js";

const query = new URLSearchParams(location.search);
const phone = document.querySelector("script[data-phone]").dataset.phone;
const user = {
  TelephonyAgentId: query.get("agent") ?? "sip:asha",
  EmailAddress: query.get("email") ?? "asha.rao@example.com",
};
const template = query.get("template") ?? `${phone}/?host=leadsquared&agent=@{User:TelephonyAgentId,}&email=@{User:EmailAddress,}`;
const permissions = query.get("allow") ?? "microphone; autoplay; speaker-selection; clipboard-write";

/** `@{User:Field,default}`: the part after the comma stands in for an empty field. A field it does not know stays as it is. */
const merged = template.replaceAll(/@\{User:(\w+)(?:,([^}]*))?\}/g, (whole, field, fallback) => {
  const value = user[field];
  return value === undefined ? whole : encodeURIComponent(value || (fallback ?? ""));
});

document.getElementById("template").textContent = template;
document.getElementById("merged").textContent = merged;
document.getElementById("permissions").textContent = permissions;
document.getElementById("panel").append(element("iframe", { src: merged, allow: permissions, title: "Agent Panel" }));
