import type { EngineEvent, LegId } from "../../core/engine-port.ts";
import type { Leg } from "./leg.ts";

/** Tells the newest record of each leg, where it has changed, after the message that changed it was worked on. */
export interface LegRecords {
  tell(): void;
}

export function createLegRecords(legs: () => readonly Leg[], emit: (event: EngineEvent) => void): LegRecords {
  let told = new Map<LegId, string>();
  let isDue = false;
  const tellNow = (): void => {
    isDue = false;
    const now = new Map<LegId, string>();
    for (const leg of legs()) {
      const record = leg.record();
      if (record === null) continue;
      const text = JSON.stringify(record);
      now.set(leg.id, text);
      if (told.get(leg.id) !== text) emit({ type: "leg-record", leg: leg.id, record: { ...record } });
    }
    told = now;
  };
  return {
    tell: () => {
      if (isDue) return;
      isDue = true;
      // sip.js changes its dialog after it has sent, and goes on in promises after it has received.
      queueMicrotask(tellNow);
    },
  };
}
