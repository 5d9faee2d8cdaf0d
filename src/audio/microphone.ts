import type { MicrophoneState } from "../core/ports.ts";
import type { AudioWorld } from "./browser.ts";

/**
 * Delegation, then permission, then the device. In this order, because browsers give the same error for "the CRM does
 * not pass the microphone on" and "the agent said no", and hide both behind "no device" where there is none.
 *
 * @param ask  may prompt the agent; also opens the device for a moment, to see that no other program keeps it.
 * @param whileOpen  called while the microphone is open: the moment in which a page may start sounds without a gesture.
 */
export async function checkMicrophone(world: AudioWorld, ask: boolean, whileOpen: () => void): Promise<MicrophoneState> {
  if (world.isMicrophoneDelegated() === false) return "microphone-not-delegated";
  const devices = world.mediaDevices;
  if (!devices) return "unknown";
  const permission = await world.microphonePermission();
  if (permission === "denied") return "microphone-refused";
  const found = await devices.enumerateDevices();
  if (!found.some((device) => device.kind === "audioinput")) return "microphone-missing";
  if (!ask) return permission === "granted" ? "usable" : "unknown";
  try {
    const close = await devices.openMicrophone();
    whileOpen();
    close();
    return "usable";
  } catch (error) {
    return stateAfter(error);
  }
}

/** `getUserMedia`'s errors (W3C Media Capture and Streams). */
function stateAfter(error: unknown): MicrophoneState {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "microphone-refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "microphone-missing";
    case "NotReadableError":
    case "AbortError":
      return "microphone-busy";
    default:
      return "unknown";
  }
}
