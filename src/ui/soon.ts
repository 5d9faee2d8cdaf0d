/**
 * After what is under way, and before anything that waits for time: for what the agent sees a moment later without
 * missing it, while a message of the call still has to leave. Not throttled in hidden pages, as timers are.
 */
export function soon(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}
