/** Beside the page. */
export type PageIcon = "icon.svg" | "icon-ringing.svg" | "icon-call.svg";

/** The page comes with an empty one: to fetch a picture for its tab, a browser would make the line wait. */
export function showIcon(icon: PageIcon): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (link && link.getAttribute("href") !== icon) link.setAttribute("href", icon);
}
