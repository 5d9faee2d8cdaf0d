import type { HostEvent } from "../../protocol/host.ts";
import type { PageLink } from "./page-link.ts";

const KEPT_EVENTS = 100;

/** Numbers the events; keeps the newest while no page is there. */
export interface Outbox {
  /** Sequence number of the newest event; 0 before the first. */
  sequence(): number;
  tell(event: HostEvent): void;
  /** Sends what was kept, and from now on everything; `null`: keep again. */
  use(link: PageLink | null): void;
}

export function createOutbox(newId: () => string): Outbox {
  let sequence = 0;
  let link: PageLink | null = null;
  let kept: Parameters<PageLink["post"]>[0][] = [];
  return {
    sequence: () => sequence,
    tell({ type, ...payload }) {
      sequence += 1;
      const message = { id: newId(), type, sequence, payload };
      if (link !== null) return link.post(message);
      kept = [...kept, message].slice(-KEPT_EVENTS);
    },
    use(next) {
      link = next;
      if (next === null) return;
      const released = kept;
      kept = [];
      for (const message of released) next.post(message);
    },
  };
}
