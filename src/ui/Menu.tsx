import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "./Button.tsx";
import { copy } from "./copy.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { moveHere } from "./move-here.ts";
import { useScreen } from "./screen-state.ts";
import { MOVE_HERE } from "./strings.ts";

/** What is true in every state: availability, settings, leaving. */
export function Menu() {
  const { phone } = useScreen();
  const isOpen = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const close = () => {
    isOpen.value = false;
    root.current?.querySelector("button")?.focus();
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
  return (
    <div class="menu" ref={root} onKeyDown={(event) => moveInMenu(event, root.current, close)}>
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
      {isOpen.value && <MenuList onClose={close} />}
    </div>
  );
}

function MenuList({ onClose }: { readonly onClose: () => void }) {
  const { phone, attempt } = useScreen();
  const phase = phone.call.value?.phase ?? "ended";
  const isIdle = phase === "ended";
  const isElsewhere = phone.whereabouts.value !== "here";
  const isOff = phone.line.value.state === "off";
  const item = (name: string, icon: IconName, run: () => void) => (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      class="menu-item"
      onClick={() => {
        onClose();
        run();
      }}
    >
      <Icon name={icon} />
      {name}
    </button>
  );
  return (
    <div class="menu-list" role="menu" aria-label="Phone">
      {(isIdle || phase === "wrap-up") &&
        item(isOff ? "Go ready" : "Not ready", isOff ? "phone" : "bell-off", () => void attempt(phone.setAvailable(isOff)))}
      {isIdle && item("Settings", "settings", () => phone.show("settings"))}
      {isElsewhere && item(MOVE_HERE, "monitor", () => void attempt(moveHere(phone)))}
      {item("Copy diagnostics", "copy", () => void attempt(copy(phone.diagnostics())))}
      {isIdle && item("Sign out", "log-out", () => void attempt(phone.signOut()))}
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
