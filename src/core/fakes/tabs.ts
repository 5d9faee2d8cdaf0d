import { createEmitter } from "../../lib/emitter.ts";
import type { TabRole, Tabs } from "../ports.ts";

/** The other tabs of this browser, as one test wants them. */
export class FakeTabs implements Tabs {
  #role: TabRole;
  readonly #roles = createEmitter<TabRole>();
  #decide: () => boolean = () => true;

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
  dispose(): void {}
}
