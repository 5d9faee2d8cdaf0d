import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

interface StripProps {
  readonly tone: "warn" | "bad" | "info";
  readonly icon: IconName;
  readonly children: ComponentChildren;
  readonly after?: ComponentChildren;
}

/** One line across the phone that stays as long as it is true. */
export function Strip({ tone, icon, children, after }: StripProps) {
  return (
    <div class={`strip strip-${tone}`}>
      <Icon name={icon} size={16} />
      <p>{children}</p>
      {after}
    </div>
  );
}
