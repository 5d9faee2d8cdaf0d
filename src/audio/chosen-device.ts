/** One choice of the agent that holds while devices come and go. */
export interface ChosenDevice {
  /** Our id of the device; `null`: the browser's default. Rejects where the browser will not use it. */
  choose(id: string | null): Promise<void>;
  /** The list of devices has changed: a chosen one that came back is used again, for one that went the default is. */
  refresh(): Promise<void>;
}

/**
 * @param find  the browser's id for ours; `null` where the device is not there.
 * @param use  called only when the browser's id really changes: it may reopen a microphone that is in use.
 */
export function createChosenDevice(
  find: (id: string) => Promise<string | null>,
  use: (deviceId: string | null) => Promise<void>,
): ChosenDevice {
  let chosen: string | null = null;
  let used: string | null = null;
  const apply = async (): Promise<void> => {
    const asked = chosen;
    const deviceId = asked === null ? null : await find(asked);
    if (asked !== chosen || deviceId === used) return;
    const before = used;
    used = deviceId;
    try {
      await use(deviceId);
    } catch (error) {
      used = before;
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
