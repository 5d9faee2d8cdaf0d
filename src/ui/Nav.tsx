import type { Panel } from "../core/view.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { useScreen } from "./screen-state.ts";

const PANELS: readonly (readonly [Panel, string, IconName])[] = [
  ["keypad", "Keypad", "grip"],
  ["calls", "Calls", "history"],
  ["settings", "Settings", "settings"],
];

/** Where to, while there is no call. On a page the calls stand beside the phone and need no button. */
export function Nav({ hasCallsBeside }: { readonly hasCallsBeside: boolean }) {
  const { phone } = useScreen();
  const missed = phone.history.value.filter((entry) => entry.unseen).length;
  const current = hasCallsBeside && phone.panel.value === "calls" ? "keypad" : phone.panel.value;
  return (
    <nav class="nav" aria-label="Phone">
      {PANELS.filter(([panel]) => !hasCallsBeside || panel !== "calls").map(([panel, name, icon]) => (
        <button
          key={panel}
          type="button"
          class="nav-item"
          aria-current={panel === current ? "page" : undefined}
          onClick={() => phone.show(panel)}
        >
          <span class="nav-icon">
            <Icon name={icon} />
            {panel === "calls" && missed > 0 && (
              <span class="badge" aria-hidden="true">
                {missed > 99 ? "99+" : missed}
              </span>
            )}
          </span>
          <span class="nav-name">{name}</span>
          {panel === "calls" && missed > 0 && <span class="hidden">, {missed} missed</span>}
        </button>
      ))}
    </nav>
  );
}
