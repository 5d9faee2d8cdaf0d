import type { FrameWindow, PageWindow, WindowMessage } from "./frame-window.ts";

type Listener = (event: WindowMessage) => void;
type Posted = { readonly message: unknown; readonly targetOrigin: string };

/** A parent page that is played: `say` posts to the frame, `heard` is what the frame posted to it. */
export class FakePage implements PageWindow {
  readonly heard: Posted[] = [];
  postMessage(message: unknown, targetOrigin: string): void {
    this.heard.push({ message: structuredClone(message), targetOrigin });
  }
}

/** The frame's own window, with the page around it. */
export class FakeWindow implements FrameWindow {
  readonly parent = new FakePage();
  readonly #listeners = new Set<Listener>();

  addEventListener(_type: "message", listener: Listener): void {
    this.#listeners.add(listener);
  }
  removeEventListener(_type: "message", listener: Listener): void {
    this.#listeners.delete(listener);
  }
  get listenerCount(): number {
    return this.#listeners.size;
  }
  /** Delivers as a browser would deliver it, but without the copy: a hostile test may hand in what no browser could. */
  deliver({ data, origin, source = this.parent, ports = [] }: Partial<WindowMessage> & { origin: string }): void {
    for (const listener of this.#listeners) listener({ data, origin, source, ports });
  }
}
