/**
 * Ends the process by SIGINT and SIGTERM, from now on: at once while nothing is up, afterwards by closing it. The second
 * signal does not wait.
 *
 * @returns takes what closes it all, once it is up.
 */
export function endOnSignals(): (close: () => Promise<void>) => void {
  let close: (() => Promise<void>) | null = null;
  let isEnding = false;
  const end = (): void => {
    // `exit` and not the signal's own end: temporary folders go with it.
    if (isEnding || close === null) process.exit(1);
    isEnding = true;
    void close().then(() => process.exit(0));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  return (whatIsUp) => {
    close = whatIsUp;
  };
}
