/** Epoch ms of ten o'clock, the agent's time, on the day after `now`. */
export function tomorrowAtTen(now: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  return day.setHours(10, 0, 0, 0);
}

/** Epoch ms as `datetime-local` inputs want it: `2026-11-21T10:00`, the agent's time. */
export function localDateTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Epoch ms of what such an input holds; `null` while it is not a whole date. */
export function followUpOn(value: string): number | null {
  const at = new Date(value).getTime();
  return Number.isNaN(at) ? null : at;
}
