import "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { App } from "../App.tsx";
import type { Hints } from "../screen-state.ts";
import { soon } from "../soon.ts";
import type { FakePhone } from "./fake-phone.ts";

/** One screen in a test: found and used by what an agent sees. */
export interface Shown {
  readonly root: HTMLElement;
  /** The button with exactly this accessible name, `null` where there is none. */
  button(name: string): HTMLButtonElement | null;
  /** The input with this label, by its start. */
  input(label: string): HTMLInputElement;
  click(name: string): Promise<void>;
  type(label: string, text: string): Promise<void>;
  press(code: string, init?: KeyboardEventInit): Promise<KeyboardEvent>;
  /** Changes the phone and waits until the screen has followed. */
  after(change: () => unknown): Promise<void>;
  close(): void;
}

export function show(phone: FakePhone, hints: Hints = {}): Shown {
  document.body.replaceChildren();
  const root = document.createElement("div");
  document.body.append(root);
  const after = async (change: () => unknown): Promise<void> => {
    await act(async () => {
      await change();
    });
    await new Promise<void>((resolve) => soon(resolve));
  };
  void act(() => render(<App phone={phone} hints={hints} />, root));
  const button = (name: string) => [...root.querySelectorAll("button")].find((each) => nameOf(each) === name) ?? null;
  const input = (label: string) => {
    const found = [...root.querySelectorAll<HTMLInputElement>("input, textarea, select")].find((each) => labelOf(each).startsWith(label));
    if (!found) throw new Error(`nothing on screen is labelled ${label}`);
    return found;
  };
  return {
    root,
    button,
    input,
    after,
    async click(name) {
      const found = button(name);
      if (!found) throw new Error(`no button is named ${name}; there are ${[...root.querySelectorAll("button")].map(nameOf).join(", ")}`);
      await after(() => found.click());
    },
    async type(label, text) {
      const field = input(label);
      field.focus();
      await after(() => {
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    },
    async press(code, init = {}) {
      const event = new KeyboardEvent("keydown", { code, key: code.replace(/^Key/, ""), bubbles: true, cancelable: true, ...init });
      await after(() => (document.activeElement ?? document.body).dispatchEvent(event));
      return event;
    },
    close() {
      void act(() => render(null, root));
    },
  };
}

function nameOf(button: HTMLButtonElement): string {
  const shown = [...button.querySelectorAll("span")].filter((span) => !span.classList.contains("hidden") && span.children.length === 0);
  return (
    button.getAttribute("aria-label") ??
    (shown.length > 0 ? shown : [button])
      .map((span) => span.textContent?.trim())
      .filter(Boolean)
      .join(" ")
  );
}

function labelOf(input: HTMLElement): string {
  const label = input.id ? document.querySelector(`label[for="${input.id}"]`) : input.closest("label");
  return input.getAttribute("aria-label") ?? label?.textContent?.trim() ?? "";
}
