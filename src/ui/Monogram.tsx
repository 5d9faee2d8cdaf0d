import type { CallView } from "../core/view.ts";
import { Icon } from "./Icon.tsx";
import { initialsOf } from "./initials-of.ts";

/** What catches the eye before a call: the initials, or without a name which way the call goes. */
export function Monogram({ name, direction }: { readonly name: string | null; readonly direction: CallView["direction"] }) {
  const initials = name === null ? null : initialsOf(name);
  return (
    <span class="monogram" aria-hidden="true">
      {initials ?? <Icon name={direction === "incoming" ? "phone-incoming" : "phone-outgoing"} size={28} />}
    </span>
  );
}
