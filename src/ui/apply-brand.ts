import type { Config } from "../protocol/config.ts";
import { readableAccent } from "./readable-accent.ts";

/** The grounds that the accent stands on: `--color-sunken` of each theme in `theme.css`, the less forgiving one. */
export const GROUNDS = { light: "#f4f5f7", dark: "#23262e" } as const;

/** Sets accent and radius of a deployment. By CSSOM: a style attribute would break the content security policy. */
export function applyBrand(brand: Config["brand"], root: HTMLElement): void {
  if (brand.accent) {
    root.style.setProperty("--brand-accent-light", readableAccent(brand.accent, GROUNDS.light));
    root.style.setProperty("--brand-accent-dark", readableAccent(brand.accent, GROUNDS.dark));
  }
  if (brand.radius !== undefined) root.style.setProperty("--radius", `${brand.radius}px`);
}
