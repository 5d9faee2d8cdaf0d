import type { Core, Notification, Session, URI } from "sip.js";
import { PhoneError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import { createDeferred } from "../../lib/deferred.ts";
import type { Deferred } from "../../lib/deferred.ts";

/** A far end that took the REFER, or told that it rings there, and then says nothing more. */
const SILENT_MS = 40_000;

/**
 * A transfer: asked for by REFER, told by NOTIFY (RFC 3515). Blind to an address (RFC 5589 section 6); attended to the far
 * end of another session, whose dialog the REFER names to be replaced (RFC 3891, RFC 5589 section 7).
 */
export class LegTransfer {
  #open: Deferred<void> | null = null;
  #taken = false;
  /** The transfer by which the far end of another leg takes over this one. */
  #joining: LegTransfer | null = null;
  #stop = (): void => {};
  readonly #session: Session;
  readonly #clock: Clock;

  constructor(session: Session, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  /** The far end has taken the REFER and is on its way: who hangs up now has gone there. */
  isTaken(): boolean {
    return (this.#open !== null && this.#taken) || this.#joining?.isTaken() === true;
  }

  /** As `to`, where the far end takes over what `target` is. */
  async toSession(target: Session, its: LegTransfer): Promise<void> {
    its.#joining = this;
    try {
      await this.to(target);
    } finally {
      its.#joining = null;
    }
  }

  /** Resolves when the far end has reached `target`. Rejects where it refuses, fails or says nothing: the call stays. */
  async to(target: URI | Session): Promise<void> {
    if (this.#open !== null) throw new PhoneError("not-possible-now");
    const open = createDeferred<void>();
    this.#open = open;
    this.#taken = false;
    this.#wait(open);
    const refused = ({ message }: Core.IncomingResponse): void =>
      open.reject(new PhoneError(isMissing(message.statusCode) ? "not-supported" : "not-possible-now"));
    this.#session
      .refer(target, {
        requestDelegate: { onAccept: () => void (this.#taken = true), onReject: refused, onRedirect: refused },
        onNotify: (notification) => this.#notified(notification),
      })
      .catch((error: unknown) => open.reject(new PhoneError("not-possible-now", error)));
    try {
      await open.promise;
    } finally {
      this.#stop();
      this.#open = null;
    }
  }

  /** The leg is over. A far end that hangs up after it took the REFER has gone to the target. */
  ended(): void {
    if (this.#taken) this.#open?.resolve();
    else this.#open?.reject(new PhoneError("no-call"));
  }

  #wait(open: Deferred<void>): void {
    this.#stop();
    this.#stop = this.#clock.after(SILENT_MS, () => open.reject(new PhoneError("not-possible-now")));
  }

  #notified(notification: Notification): void {
    notification.accept().catch(() => undefined);
    const open = this.#open;
    if (open === null) return;
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(notification.request.body)?.[1] ?? 0);
    if (status >= 300) open.reject(new PhoneError("dial-failed"));
    else if (status >= 200) open.resolve();
    else this.#wait(open);
  }
}

/** 405, 501: it knows no REFER. */
function isMissing(status: number | undefined): boolean {
  return status === 405 || status === 501;
}
