/** When the browser has nothing better to do, and at the latest after two seconds. Safari has no idle callback. */
export function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(run, { timeout: 2_000 });
  else setTimeout(run, 200);
}
