import { signal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { PhoneError, type PhoneErrorCode } from "../core/errors.ts";
import type { SignInProof } from "../protocol/gateway-agents.ts";
import type { Phone } from "../core/view.ts";

/** What the page around the phone knows and the phone does not. */
export interface Hints {
  /** Shown in the settings, for the support line. */
  readonly version?: string | undefined;
  /** Who the page around says the agent is: a suggestion for the sign-in form, never a proof. */
  readonly sipId?: string | undefined;
  /** Parameters of the panel's address that the CRM left as placeholders. */
  readonly notMerged?: readonly string[] | undefined;
  /** What the address has brought along to sign in with, once. */
  readonly takeProof?: (() => SignInProof | null) | undefined;
  /** Asks the browser to open `tel:` links here; absent where that cannot be offered. */
  readonly takePhoneLinks?: (() => void) | undefined;
}

export type HistoryFilter = "all" | "missed" | "incoming" | "outgoing";

/** What is typed or opened on screen but is no business of the phone. Outlives every view, so a call never takes it. */
export interface ScreenState {
  readonly dialText: Signal<string>;
  readonly keypadOpen: Signal<boolean>;
  readonly moreOpen: Signal<boolean>;
  readonly transferOpen: Signal<boolean>;
  readonly transferText: Signal<string>;
  readonly search: Signal<string>;
  readonly filter: Signal<HistoryFilter>;
  readonly selectedCall: Signal<string | null>;
  /** The call whose end the agent has taken note of. */
  readonly endRead: Signal<string | null>;
  /** The last thing asked for that did not work. */
  readonly problem: Signal<PhoneErrorCode | null>;
}

export function createScreenState(): ScreenState {
  return {
    dialText: signal(""),
    keypadOpen: signal(false),
    moreOpen: signal(false),
    transferOpen: signal(false),
    transferText: signal(""),
    search: signal(""),
    filter: signal("all"),
    selectedCall: signal(null),
    endRead: signal(null),
    problem: signal(null),
  };
}

/** The next agent finds nothing of the one before. */
export function clearScreenState(state: ScreenState): void {
  const fresh = createScreenState();
  const { dialText, keypadOpen, moreOpen, search, filter, selectedCall, endRead, problem } = fresh;
  state.transferOpen.value = fresh.transferOpen.peek();
  state.transferText.value = fresh.transferText.peek();
  state.dialText.value = dialText.peek();
  state.keypadOpen.value = keypadOpen.peek();
  state.moreOpen.value = moreOpen.peek();
  state.search.value = search.peek();
  state.filter.value = filter.peek();
  state.selectedCall.value = selectedCall.peek();
  state.endRead.value = endRead.peek();
  state.problem.value = problem.peek();
}

export interface Screen {
  readonly phone: Phone;
  readonly state: ScreenState;
  readonly hints: Hints;
  /** Runs an action of the phone; what it rejects with is shown as a sentence. Resolves to whether it worked. */
  attempt(action: Promise<unknown>): Promise<boolean>;
}

export function createScreen(phone: Phone, hints: Hints): Screen {
  const state = createScreenState();
  return {
    phone,
    state,
    hints,
    async attempt(action) {
      state.problem.value = null;
      try {
        await action;
        return true;
      } catch (error) {
        state.problem.value = error instanceof PhoneError ? error.code : "internal";
        return false;
      }
    },
  };
}

export const ScreenContext = createContext<Screen | null>(null);

export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (!screen) throw new Error("a component of the phone is used outside App");
  return screen;
}
