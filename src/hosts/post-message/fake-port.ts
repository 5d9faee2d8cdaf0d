import type { PagePort } from "./frame-window.ts";

type Listener = (event: { readonly data: unknown }) => void;
interface Heard {
  readonly softphone: number;
  readonly id: string | null;
  readonly type: string;
  readonly payload: unknown;
  readonly sequence?: number;
}

/** The phone's end of a port, played from the page's side: `say` and `heard`. */
export class FakePort implements PagePort {
  readonly heard: Heard[] = [];
  started = false;
  closed = false;
  readonly #listeners = { message: new Set<Listener>(), messageerror: new Set<Listener>() };

  postMessage(message: unknown): void {
    if (!this.closed) this.heard.push(structuredClone(message) as Heard);
  }
  addEventListener(type: "message" | "messageerror", listener: Listener): void {
    this.#listeners[type].add(listener);
  }
  removeEventListener(type: "message" | "messageerror", listener: Listener): void {
    this.#listeners[type].delete(listener);
  }
  start(): void {
    this.started = true;
  }
  close(): void {
    this.closed = true;
  }
  get listenerCount(): number {
    return this.#listeners.message.size + this.#listeners.messageerror.size;
  }
  say(data: unknown): void {
    for (const listener of this.#listeners.message) listener({ data });
  }
  sayGarbled(): void {
    for (const listener of this.#listeners.messageerror) listener({ data: null });
  }
  /** Everything heard of one type. */
  ofType(type: string): Heard[] {
    return this.heard.filter((message) => message.type === type);
  }
}
