import { useSignalEffect } from "@preact/signals";
import type { Phone } from "../core/view.ts";
import { callerName } from "./Caller.tsx";
import { shownNumber } from "./format-number.ts";
import { type PageIcon, showIcon } from "./page-icon.ts";
import { soon } from "./soon.ts";

export interface PageSign {
  readonly title: string;
  readonly icon: PageIcon;
}

/** What the browser's tab says, so that a call is seen from another tab. `null`: what it said before. */
export function pageSignOf(phone: Phone): PageSign | null {
  const waiting = phone.otherCall.value?.phase === "ringing" ? phone.otherCall.value : null;
  const call = waiting ?? phone.call.value;
  const title = phone.config.brand.name;
  if (!call || call.phase === "wrap-up" || call.phase === "ended") return { title, icon: "icon.svg" };
  // Somebody waits for the answer that is on its way, and another icon would delay it.
  if (call.phase === "connecting") return null;
  const name = callerName(call, shownNumber(phone, call.remoteNumber));
  if (call.phase === "ringing") return { title: `● ${name} is calling`, icon: "icon-ringing.svg" };
  const doing = call.phase === "dialing" ? "Calling" : call.hold.confirmed ? "On hold" : "On a call";
  return { title: `● ${doing}: ${name}`, icon: "icon-call.svg" };
}

export function usePageSign(phone: Phone): void {
  useSignalEffect(() => {
    const sign = pageSignOf(phone);
    // Another icon costs a page several milliseconds, and the call comes first.
    if (sign !== null) soon(() => showSign(sign));
  });
}

function showSign({ title, icon }: PageSign): void {
  if (document.title !== title) document.title = title;
  showIcon(icon);
}
