import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "./Button.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import { useScreen } from "./screen-state.ts";

/** What is true in every state: availability, settings, leaving. */
export function Menu() {
  const { phone, attempt } = useScreen();
  const isOpen = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const inCall = phone.call.value !== null && phone.call.value.phase !== "ended";
  const isOff = phone.line.value.state === "off";
  const close = (refocus: boolean) => {
    isOpen.value = false;
    if (refocus) root.current?.querySelector("button")?.focus();
  };
  useEffect(() => {
    if (!isOpen.value) return;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: Event) => {
      if (!(event.target instanceof Node) || !root.current?.contains(event.target)) isOpen.value = false;
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen.value]);
  const item = (name: string, icon: IconName, run: () => void) => (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      class="menu-item"
      onClick={() => {
        close(true);
        run();
      }}
    >
      <Icon name={icon} />
      {name}
    </button>
  );
  return (
    <div class="menu" ref={root} onKeyDown={(event) => moveInMenu(event, root.current, () => close(true))}>
      <span class="agent">{phone.agent.value?.displayName}</span>
      <IconButton
        name="More"
        icon="ellipsis"
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      />
      {isOpen.value && (
        <div class="menu-list" role="menu" aria-label="Phone">
          {isOff
            ? item("Go ready", "phone", () => void attempt(phone.setAvailable(true)))
            : item("Not ready", "bell-off", () => void attempt(phone.setAvailable(false)))}
          {!inCall && item("Settings", "settings", () => phone.show("settings"))}
          {!inCall && item("Sign out", "log-out", () => void attempt(phone.signOut()))}
        </div>
      )}
    </div>
  );
}

function moveInMenu(event: KeyboardEvent, root: HTMLElement | null, close: () => void): void {
  const items = [...(root?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  if (items.length === 0) return;
  const at = items.findIndex((item) => item === document.activeElement);
  const go = (index: number) => {
    event.preventDefault();
    items.at(index % items.length)?.focus();
  };
  if (event.key === "ArrowDown") go(at + 1);
  else if (event.key === "ArrowUp") go(at - 1);
  else if (event.key === "Home") go(0);
  else if (event.key === "End") go(-1);
  else if (event.key === "Escape" || event.key === "Tab") close();
}
