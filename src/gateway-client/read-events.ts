/** One message of an event stream (WHATWG HTML, server-sent events), its `data` joined. */
export interface StreamMessage {
  readonly id: string | null;
  readonly data: string;
}

/** More than any event has; what is longer belongs to no gateway of ours. */
const LONGEST = 1_000_000;

/**
 * Reads an event stream in whatever pieces it arrives. Comments and fields of other names are left out. `take` throws
 * `RangeError` where a message does not end.
 */
export function createEventReader(): { take(text: string): readonly StreamMessage[] } {
  let rest = "";
  let id: string | null = null;
  let data: string[] = [];
  return {
    take(text) {
      const found: StreamMessage[] = [];
      rest += text;
      if (rest.length > LONGEST) throw new RangeError("a message of the event stream does not end");
      // A `\r` at the very end may be half of a `\r\n`.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) found.push({ id, data: data.join("\n") });
          data = [];
          continue;
        }
        const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
        if (name === "data") data.push(value);
        if (name === "id" && !value.includes("\0")) id = value;
      }
      return found;
    },
  };
}
