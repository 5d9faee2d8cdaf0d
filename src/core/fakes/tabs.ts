import { createEmitter } from "../../lib/emitter.ts";
import type { TabMessage } from "../../protocol/tabs.ts";
import type { HeardFromTab, TabRole, Tabs } from "../ports.ts";

/** The other tabs of this browser, as one test wants them. */
export class FakeTabs implements Tabs {
  #role: TabRole;
  readonly #roles = createEmitter<TabRole>();
  readonly #heard = createEmitter<HeardFromTab>();
  #decide: () => boolean = () => true;
  readonly posted: TabMessage[] = [];
  /** What the browser says of the lock, whatever this page believes. */
  holdsLock = true;

  constructor(role: TabRole = "leader") {
    this.#role = role;
  }
  role(): TabRole {
    return this.#role;
  }
  become(role: TabRole): void {
    this.#role = role;
    this.#roles.emit(role);
  }
  onRole(listener: (role: TabRole) => void): () => void {
    return this.#roles.on(listener);
  }
  async takeOver(): Promise<boolean> {
    this.become("leader");
    return true;
  }
  /** Another tab asks for the lead. */
  ask(): boolean {
    return this.#decide();
  }
  onTakeOverAsked(decide: () => boolean): () => void {
    this.#decide = decide;
    return () => void (this.#decide = () => true);
  }
  async stillLeads(): Promise<boolean> {
    if (this.#role === "leader" && !this.holdsLock) this.become("follower");
    return this.#role === "leader" || this.#role === "alone";
  }
  post(message: TabMessage): void {
    this.posted.push(message);
  }
  onMessage(listener: (heard: HeardFromTab) => void): () => void {
    return this.#heard.on(listener);
  }
  /** Another tab says something. */
  say(message: TabMessage): void {
    this.#heard.emit({ kind: "message", message });
  }
  dispose(): void {}
}
