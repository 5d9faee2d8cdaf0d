import type { PhoneErrorCode } from "../../core/errors.ts";
import type { EngineWorld } from "./world.ts";

/** Whether an error that ended an answer came from the microphone, not from the network. */
export function isMicrophoneError(error: unknown): boolean {
  return nameOf(error) in CODES || /insecure contexts/.test(error instanceof Error ? error.message : "");
}

/**
 * Why there was no microphone. Delegation, then permission, then the error itself: browsers give one error for "the
 * page around does not pass it on" and "the agent said no", and hide both where there is no device.
 */
export async function microphoneProblem(error: unknown, world: EngineWorld): Promise<PhoneErrorCode> {
  if (world.isMicrophoneDelegated() === false) return "microphone-not-delegated";
  const code = CODES[nameOf(error)] ?? "browser-unsupported";
  if (code === "microphone-missing" && (await world.microphonePermission()) === "denied") return "microphone-refused";
  return code;
}

/** `getUserMedia`'s errors (W3C Media Capture and Streams). */
const CODES: Readonly<Record<string, PhoneErrorCode>> = {
  NotAllowedError: "microphone-refused",
  SecurityError: "microphone-refused",
  NotFoundError: "microphone-missing",
  OverconstrainedError: "microphone-missing",
  NotReadableError: "microphone-busy",
  AbortError: "microphone-busy",
};

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
