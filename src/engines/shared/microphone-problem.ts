import type { PhoneErrorCode } from "../../core/errors.ts";

/** Whether an error that ended an answer came from the microphone, not from the network. */
export function isMicrophoneError(error: unknown): boolean {
  return nameOf(error) in CODES || /insecure contexts/.test(error instanceof Error ? error.message : "");
}

/** What a browser can be asked about its microphones besides opening one. */
export interface MicrophoneWorld {
  /** Whether the page around this frame passes the microphone on; `null` where the browser does not tell. */
  isMicrophoneDelegated(): boolean | null;
  /** `null` where the browser does not tell. */
  microphonePermission(): Promise<PermissionState | null>;
}

/**
 * Why there was no microphone. Delegation, then permission, then the error itself: browsers give one error for "the
 * page around does not pass it on" and "the agent said no", and hide both where there is no device.
 */
export async function microphoneProblem(error: unknown, world: MicrophoneWorld): Promise<PhoneErrorCode> {
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
