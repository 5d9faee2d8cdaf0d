import type { Session } from "sip.js";
import { LegMedia } from "./leg-media.ts";
import type { EngineOptions } from "./options.ts";

/**
 * The media of each session, made when it is first asked for: by sip.js, or by the engine before that.
 *
 * @param changed  audio can flow in this session, or has lost its way.
 */
export function createMediaOf(
  { sip, iceServers, world, clock, log }: EngineOptions,
  changed: (session: Session, ok: boolean, state: string) => void,
): (session: Session) => LegMedia {
  const known = new WeakMap<Session, LegMedia>();
  return (session) => {
    const found = known.get(session);
    if (found !== undefined) return found;
    const media = new LegMedia({ sip, iceServers, world, clock, log, connection: (ok, state) => changed(session, ok, state) });
    known.set(session, media);
    return media;
  };
}
