/**
 * Whether this phone can be called: its registration at the SIP proxy.
 *
 * ```
 *   starting ──► signed-out ──sign in──► connecting ──registered──► ready
 *      │             ▲                    │  ▲   ▲                   │
 *      │             │ sign out           │  │   │ time, online,     │ lost, probe unanswered
 *      └─────────────┴── (any state)      │  │   │ wake, click       ▼
 *                                         │  │   └─────────────── retrying
 *   taken-elsewhere ◄── another tab leads │  │                       ▲
 *   off     ◄── set not available         │  └── retry ── refused    │ lost
 *   offline ◄── the browser has no network└──────────────► ▲ ────────┘
 *                                          wrong credentials
 * ```
 *
 * `starting`: which tab leads, or whether an account is kept, is not known yet. Shown as connecting.
 */
export type LinePhase =
  | { readonly name: "starting" }
  | { readonly name: "taken-elsewhere" }
  | { readonly name: "signed-out" }
  | { readonly name: "off" }
  | { readonly name: "offline" }
  /** `tried`: tries that failed since the line was last ready. */
  | { readonly name: "connecting"; readonly tried: number }
  | { readonly name: "ready" }
  | { readonly name: "retrying"; readonly tried: number; readonly nextTryAt: number; readonly reason: LostReason }
  | { readonly name: "refused" };

/** Why a registration was lost in a way that is worth another try. */
export type LostReason = "server-unreachable" | "browser-unsupported" | "internal";

/** What the line depends on and cannot change. `null`: not known yet. */
export interface LineFacts {
  readonly leads: boolean | null;
  readonly account: boolean | null;
  readonly available: boolean;
  readonly online: boolean;
}

export interface LineState {
  readonly facts: LineFacts;
  readonly phase: LinePhase;
}

/** `random`: uniform in [0, 1), for the jitter. `inCall`: somebody is on the line, so tries are closer together. */
export type LineEvent =
  | { readonly type: "facts"; readonly change: Partial<LineFacts> }
  /** Another account, or the same one again, is to be registered. */
  | { readonly type: "account-changed" }
  | { readonly type: "registered" }
  | { readonly type: "lost"; readonly reason: LostReason; readonly at: number; readonly random: number; readonly inCall: boolean }
  | { readonly type: "refused" }
  | { readonly type: "time-out"; readonly at: number; readonly random: number; readonly inCall: boolean }
  /** The agent's click, or the machine woke up. */
  | { readonly type: "try-now" };

export type LineEffect =
  | { readonly type: "register" }
  | { readonly type: "unregister" }
  /** Start the one timer of the line anew, or stop it (`null`). */
  | { readonly type: "timer"; readonly ms: number | null }
  /** Ask the registrar now whether it is still there. */
  | { readonly type: "probe" };

export const START: LineState = {
  facts: { leads: null, account: null, available: true, online: true },
  phase: { name: "starting" },
};
