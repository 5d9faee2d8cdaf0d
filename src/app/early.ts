import { ENGINE_CHUNKS } from "./engine-chunks.ts";
import { createExpectation } from "./expectation.ts";

/**
 * Runs before the rest of the program is: while that is evaluated, the code of a phone that somebody was signed in to is on
 * its way and compiled. Whoever asks for it later gets the same, and what went wrong is theirs to tell.
 */
const { engine } = createExpectation(
  () => globalThis.localStorage,
  () => globalThis.sessionStorage,
);
if (engine === "sipjs" || engine === "exotel") {
  ENGINE_CHUNKS[engine]().catch(() => undefined);
  import("./start-phone.ts").catch(() => undefined);
}
