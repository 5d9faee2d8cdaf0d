/** The little of `window` and `MessagePort` that the handshake uses; the real ones fit, and so do the fakes. */

export interface PagePort {
  postMessage(message: unknown): void;
  addEventListener(type: "message" | "messageerror", listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: "message" | "messageerror", listener: (event: { readonly data: unknown }) => void): void;
  start(): void;
  close(): void;
}

export interface PageWindow {
  postMessage(message: unknown, targetOrigin: string): void;
}

export interface WindowMessage {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
  readonly ports: readonly PagePort[];
}

/** Our own window, inside the frame. */
export interface FrameWindow {
  readonly parent: PageWindow;
  addEventListener(type: "message", listener: (event: WindowMessage) => void): void;
  removeEventListener(type: "message", listener: (event: WindowMessage) => void): void;
}
