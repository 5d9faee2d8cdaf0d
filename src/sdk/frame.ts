import type { OpenOptions } from "./softphone.d.ts";

// A cross-origin frame gets nothing that is not named here (W3C Permissions Policy); an unknown name is ignored.
const PERMISSIONS = "microphone; autoplay; speaker-selection; clipboard-write; screen-wake-lock; hid";

/** The frame the page gave us, or a new one; `undo` removes only what was made here. */
export function placeFrame({ url, container, frame, title, allow }: OpenOptions): {
  readonly frame: HTMLIFrameElement;
  readonly undo: () => void;
} {
  if (frame !== undefined) return { frame, undo: () => {} };
  const parent = typeof container === "string" ? document.querySelector(container) : container;
  if (!parent) throw new TypeError("Softphone.open needs a container that is in the page, or a frame");
  const made = document.createElement("iframe");
  made.title = title ?? "Softphone";
  made.allow = allow ?? PERMISSIONS;
  made.style.cssText = "border:0;width:100%;height:100%;display:block";
  made.src = url;
  parent.append(made);
  return { frame: made, undo: () => made.remove() };
}

/** Loads the phone's page anew, also where its process is dead. With a fragment it would only be scrolled. */
export function reloadFrame(frame: HTMLIFrameElement, url: string): void {
  frame.src = (frame.src || url).replace(/#.*/, "");
}
