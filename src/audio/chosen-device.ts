/** One choice of the agent that holds while devices come and go. */
export interface ChosenDevice {
  /** Our id of the device; `null`: the browser's default. Rejects where the browser will not use it. */
  choose(id: string | null): Promise<void>;
  /** The list of devices has changed: a chosen one that came back is used again, for one that went the default is. */
  refresh(): Promise<void>;
}

/**
 * @param find  the browser's id for ours; `null` where the device is not there.
 * @param use  called only when the device really changes: it may reopen a microphone that is in use.
 * @param defaultName  what the browser's default is now. A microphone that was unplugged is dead though nobody chose it,
 *   and is not replaced by itself.
 */
export function createChosenDevice(
  find: (id: string) => Promise<string | null>,
  use: (deviceId: string | null) => Promise<void>,
  defaultName: () => Promise<string | null> = async () => null,
): ChosenDevice {
  let chosen: string | null = null;
  /** The device in use, or the default by its name; `undefined` where the browser would not use it. */
  let used: string | undefined = nameOf(null, null);
  const apply = async (): Promise<void> => {
    const asked = chosen;
    const deviceId = asked === null ? null : await find(asked);
    const next = nameOf(deviceId, deviceId === null ? await defaultName() : null);
    if (asked !== chosen || next === used) return;
    used = next;
    try {
      await use(deviceId);
    } catch (error) {
      used = undefined;
      throw error;
    }
  };
  return {
    choose(id) {
      chosen = id;
      return apply();
    },
    refresh: apply,
  };
}

function nameOf(deviceId: string | null, defaultName: string | null): string {
  return deviceId === null ? `default ${defaultName ?? ""}` : `id ${deviceId}`;
}
