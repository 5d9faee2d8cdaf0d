/** Where the phone of a walk is: in tabs of its own, or in the frames of CRM tabs, which share one renderer. */
export interface Walk {
  readonly seed: number;
  readonly steps: number;
  readonly place: "standalone" | "crm";
  /** Tabs at the start; one fewer or more on the way, never none. */
  readonly tabs: number;
}

/** The walks of every run, and of `CHAOS_KEPT=1` with those below. */
export const WALKS: readonly Walk[] = [
  // A caller who gave up after a reload was rung for ever; a hold clicked while the socket was replaced was never over.
  { seed: 11, steps: 60, place: "standalone", tabs: 1 },
  // The microphone stayed open in the tab that was reloaded while another had the call.
  { seed: 21, steps: 20, place: "standalone", tabs: 3 },
  // A hold clicked right after the socket was cut did nothing, and nobody said so.
  { seed: 23, steps: 80, place: "crm", tabs: 3 },
];

/** Long ones, each of which has found something. */
export const KEPT_WALKS: readonly Walk[] = [
  { seed: 1, steps: 100, place: "standalone", tabs: 3 },
  { seed: 2, steps: 60, place: "crm", tabs: 3 },
  // A click on Answer lost a call that was just being taken over; what was then written about it was lost at the next reload.
  { seed: 404, steps: 140, place: "standalone", tabs: 3 },
  // A call that was hung up while a tab was taking it over went on at the far end.
  { seed: 707, steps: 200, place: "crm", tabs: 3 },
  // A call that the exchange had forgotten, answered, was never over.
  { seed: 909, steps: 200, place: "crm", tabs: 3 },
  // A refusal that was lost with its socket left the caller ringing.
  { seed: 910, steps: 200, place: "crm", tabs: 3 },
  // A save that was clicked in the moment in which a tab got the phone did nothing.
  { seed: 911, steps: 200, place: "standalone", tabs: 3 },
];
