interface PhoneEvent {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
  readonly ports: readonly MessagePort[];
}
type PhoneListener = (event: PhoneEvent) => void;
/** The phone's own `window`, as far as the handshake uses it. */
interface PhoneWindow {
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  addEventListener(type: "message", listener: PhoneListener): void;
  removeEventListener(type: "message", listener: PhoneListener): void;
}
type PageListener = (event: Pick<MessageEvent, "data" | "origin" | "source">) => void;

/** A page and the frame in it, each with its own window and origin, in one process; ports are real. */
export class TwoWindows {
  readonly page = {
    addEventListener: (_type: string, listener: PageListener) => void this.#pageListeners.add(listener),
    removeEventListener: (_type: string, listener: PageListener) => void this.#pageListeners.delete(listener),
  };
  /** What the frame's element is to the page. */
  readonly frame: HTMLIFrameElement;
  pageOrigin = "http://crm.localhost:5171";
  phoneOrigin = "http://phone.localhost:5170";
  readonly #pageListeners = new Set<PageListener>();
  #phoneListeners = new Set<PhoneListener>();
  readonly #parent = {
    postMessage: (message: unknown, targetOrigin: string) => {
      if (targetOrigin !== "*" && targetOrigin !== this.pageOrigin) return;
      this.sayToPage(structuredClone(message), this.phoneOrigin, this.#contentWindow);
    },
  };
  readonly #contentWindow = {
    postMessage: (message: unknown, { targetOrigin, transfer }: { targetOrigin: string; transfer: MessagePort[] }) => {
      if (targetOrigin !== this.phoneOrigin) return;
      const listeners = this.#phoneListeners;
      const event = { data: structuredClone(message), origin: this.pageOrigin, source: this.#parent, ports: transfer };
      queueMicrotask(() => {
        for (const listener of listeners) listener(event);
      });
    },
  };

  /** How often the page set the frame's address. */
  reloads = 0;
  readonly #loadListeners = new Set<() => void>();

  constructor() {
    const countReload = () => void (this.reloads += 1);
    const frame = {
      contentWindow: this.#contentWindow,
      contentDocument: null,
      get src() {
        return "http://phone.localhost:5170/";
      },
      set src(_url: string) {
        countReload();
      },
      addEventListener: (_type: string, listener: () => void) => void this.#loadListeners.add(listener),
      removeEventListener: (_type: string, listener: () => void) => void this.#loadListeners.delete(listener),
    };
    this.frame = frame as unknown as HTMLIFrameElement;
  }

  /** The frame's element says that something was loaded. */
  sayLoaded(): void {
    for (const listener of this.#loadListeners) listener();
  }

  /** The window of the phone's page; asking again is loading that page anew, with nobody listening yet. */
  loadPhone(): PhoneWindow {
    const listeners = new Set<PhoneListener>();
    this.#phoneListeners = listeners;
    return {
      parent: this.#parent,
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    };
  }

  /** Any window may post to the page: this one is `source`. */
  sayToPage(data: unknown, origin: string, source: unknown): void {
    const event = { data, origin, source: source as MessageEventSource };
    queueMicrotask(() => {
      for (const listener of this.#pageListeners) listener(event);
    });
  }

  get pageListenerCount(): number {
    return this.#pageListeners.size + this.#loadListeners.size;
  }
  get phoneListenerCount(): number {
    return this.#phoneListeners.size;
  }
}
