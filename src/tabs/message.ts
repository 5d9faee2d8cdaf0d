/** What the tabs of one browser partition say to each other about who leads. `ask` names one question. */
export type TabMessage =
  | { readonly type: "take-over-asked"; readonly ask: string }
  | { readonly type: "take-over-granted"; readonly ask: string }
  | { readonly type: "take-over-refused"; readonly ask: string };

/** `null` for anything else: another version of this page may be open in another tab. */
export function readTabMessage(value: unknown): TabMessage | null {
  if (typeof value !== "object" || value === null || !("type" in value) || !("ask" in value)) return null;
  const { type, ask } = value;
  if (typeof ask !== "string") return null;
  if (type === "take-over-asked" || type === "take-over-granted" || type === "take-over-refused") return { type, ask };
  return null;
}
