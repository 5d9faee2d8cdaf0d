/**
 * Extensions that an INVITE requires and this phone does not have (RFC 3261 section 8.2.2.3): all but `replaces` (RFC 3891). Session timers
 * (RFC 4028) are not claimed either: a far end that only supports them then refreshes by its own re-INVITE, which is
 * answered, and one that insists is told 420 instead of being left to time out in the middle of a call.
 */
export function unsupportedTags(requireHeader: string): string[] {
  return requireHeader
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "" && tag.toLowerCase() !== "replaces");
}
