import type { Desk } from "./desk.ts";
import { type LineKeeper, lostReason } from "./line-keeper.ts";
import type { EngineEvent } from "./ports.ts";
import type { Survival } from "./survival.ts";
import { tidyInvitation } from "./tidy-invitation.ts";
import type { Calls } from "./two-calls.ts";

/** Takes each of the engine's events to the machine it concerns. */
export function createEngineEvents(
  desk: Desk,
  parts: () => { readonly line: LineKeeper; readonly calls: Calls; readonly survival: Survival },
): (event: EngineEvent) => void {
  const { clock, log } = desk.ports;
  return (event) => {
    const { line, calls, survival } = parts();
    switch (event.type) {
      case "registered":
        return line.send({ type: "registered" });
      case "registration-lost":
        log.write("warn", "line: lost", { code: event.code, sipCode: event.sipCode });
        return line.lost(lostReason(event.code));
      case "registration-refused":
        log.write("warn", "line: refused", { sipCode: event.sipCode });
        return line.send({ type: "refused" });
      case "leg-ringing":
        return calls.rings(event.invitation);
      case "leg-refused-busy":
        return calls.refused(event.invitation);
      case "leg-media-denied":
        desk.notices.push(event.code);
        return calls.feed({ type: "leg-ended", leg: event.leg, reason: "media-denied", sipCode: null, at: clock.now() });
      case "leg-hold-refused":
        desk.notices.push("hold-refused");
        return calls.feed({ type: "leg-hold-refused", leg: event.leg });
      case "leg-record":
        return survival.recorded(event.leg, event.record);
      case "leg-replaced":
        return calls.feed({ ...event, by: tidyInvitation(event.by, desk.ports.numbers) });
      case "leg-connected":
      case "leg-ended":
        return calls.feed({ ...event, at: clock.now() });
      default:
        return calls.feed(event);
    }
  };
}
