import type { LedgerEntry } from "../calls/call-ledger.ts";
import type { Agent } from "../agents/agent.ts";
import type { DeliveryKind } from "./plan-deliveries.ts";

/** A CRM that deliveries go to. One implementation a CRM. */
export interface Crm {
  /** One request to the CRM. Never throws for what the CRM or the network does. */
  deliver(request: CrmRequest): Promise<CrmAnswer>;
}

export interface CrmRequest {
  readonly kind: DeliveryKind;
  readonly call: LedgerEntry;
  readonly agent: Agent | null;
  /** What the try before has left; null: this is the first, or it left nothing. */
  readonly progress: unknown;
  /** Result of the call's log; null: not delivered. */
  readonly logResult: unknown;
}

export type CrmAnswer =
  /** `result` is kept: the id under which the CRM has it. */
  | { readonly type: "done"; readonly result: unknown }
  /** The CRM has accepted it and is not done; ask again with `progress`. */
  | { readonly type: "pending"; readonly progress: unknown; readonly afterMs: number }
  /** It failed, or nobody knows: try again. `afterMs`: as the CRM wishes, else with back-off. `all`: the whole CRM is busy. */
  | { readonly type: "retry"; readonly reason: string; readonly afterMs?: number; readonly all?: boolean }
  /** It will never be accepted as it is: a person has to look. */
  | { readonly type: "refused"; readonly reason: string };
