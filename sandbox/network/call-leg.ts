import type { Dialog } from "./dialog.ts";
import type { Binding } from "./registrar.ts";
import type { SipConnection } from "./sip-connection.ts";

/** The call's leg to an agent, whichever side called. */
export interface CallLeg {
  readonly callId: string;
  /** `null` until it is answered. */
  readonly dialog: Dialog | null;
  /** Ends what is not answered yet. */
  cancel(): void;
  end(): void;
  connectionClosed(connection: SipConnection): void;
  /** The browser of a contact has registered over another connection. */
  bound(binding: Binding): void;
  /** A message of this call, by the phone with this tag, came over a connection. */
  traffic(remoteTag: string, connection: SipConnection): void;
}
