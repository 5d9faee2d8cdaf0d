import { h } from "preact";
import { ICON_SHAPES } from "./icon-shapes.ts";

/** `hang-up` is the handset put down: the shape of `phone`, turned (`controls.css`). */
export type IconName = keyof typeof ICON_SHAPES | "hang-up";

/** A picture beside or inside something that has a name: hidden from assistive technology. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class={`icon icon-${name}`} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {ICON_SHAPES[name === "hang-up" ? "phone" : name].map(([tag, attributes], index) => h(tag, { ...attributes, key: index }))}
    </svg>
  );
}
