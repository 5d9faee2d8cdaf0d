import type { Engine } from "../../core/engine-port.ts";
import { assembleEngine } from "./assemble.ts";
import { browserWorld } from "./browser.ts";
import type { EngineOptions } from "./options.ts";
import { loadSdk } from "./sdk.ts";

/** The engine over Exotel's SDK, in this browser. Importing this file loads the SDK: import it late. One per page. */
export function createExotelEngine(options: EngineOptions): Engine {
  return assembleEngine(loadSdk(), browserWorld, options);
}
