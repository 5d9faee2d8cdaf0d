import type { CallHours } from "../config/gateway-config.ts";

/** Whether calls may be placed now. @param at epoch ms. A window that ends before it begins goes over midnight. */
export function isWithinCallHours(hours: CallHours | undefined, at: number): boolean {
  if (!hours) return true;
  const { day, time } = localTime(hours.timeZone, at);
  const listed = (name: string): boolean => hours.days.some((listedDay) => listedDay === name);
  if (hours.from <= hours.to) return listed(day) && time >= hours.from && time < hours.to;
  const yesterday = localTime(hours.timeZone, at - 86_400_000).day;
  return (listed(day) && time >= hours.from) || (listed(yesterday) && time < hours.to);
}

function localTime(timeZone: string, at: number): { readonly day: string; readonly time: string } {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: (parts.get("weekday") ?? "").toLowerCase(), time: `${parts.get("hour")}:${parts.get("minute")}` };
}
