import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

type ButtonProps = Omit<ButtonHTMLAttributes, "icon"> & {
  /** `primary` is the one action of a state; there is at most one on screen. */
  readonly kind?: "primary" | "answer" | "end" | "quiet" | "plain" | "link";
  readonly icon?: IconName;
  /** For instance `Alt+A`: shown in the tool tip. */
  readonly shortcut?: string;
  readonly children?: ComponentChildren;
};

export function Button({ kind = "plain", icon, shortcut, children, title, class: extra, ...rest }: ButtonProps) {
  const name = rest["aria-label"] ?? (typeof children === "string" ? children : undefined);
  const tip = title ?? (shortcut && name ? `${String(name)} (${shortcut})` : undefined);
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${kind} ${extra ?? ""}`}
      {...(tip ? { title: tip } : {})}
      {...(shortcut ? { "aria-keyshortcuts": shortcut } : {})}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}

/** A square button that is only an icon; its name is for assistive technology and the tool tip. */
export function IconButton({
  name,
  icon,
  shortcut,
  class: extra,
  ...rest
}: Omit<ButtonProps, "icon" | "kind"> & { readonly name: string; readonly icon: IconName }) {
  return (
    <button
      type="button"
      {...rest}
      class={`icon-button ${extra ?? ""}`}
      aria-label={name}
      title={shortcut ? `${name} (${shortcut})` : name}
      {...(shortcut ? { "aria-keyshortcuts": shortcut } : {})}
    >
      <Icon name={icon} />
    </button>
  );
}
