import type { Clock } from "../core/ports.ts";
import { longTimeout } from "./long-timeout.ts";

/** Timed by the page itself: a browser lets a hidden page's timers run once a second, a hidden frame's once a minute. */
export const systemClock: Clock = { now: () => Date.now(), after: longTimeout };
