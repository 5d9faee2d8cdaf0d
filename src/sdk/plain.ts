/**
 * A copy that can be posted. Pages hand over what they have: reactive proxies, class instances, dates; a port refuses some of
 * these and the phone reads plain data only. Throws `TypeError` on a cycle.
 */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
