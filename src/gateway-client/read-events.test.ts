import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventReader } from "./read-events.ts";

test("[G60] ids and data are read, comments and other fields left out, an id holds for what follows", () => {
  const text = ': still here\n\nevent: hello\nid: 7\ndata: {"a":1}\n\nretry: 5\ndata: one\ndata:two\n\n';
  expect(createEventReader().take(text)).toEqual([
    { id: "7", data: '{"a":1}' },
    { id: "7", data: "one\ntwo" },
  ]);
});

test("[G61] however the stream is cut, and whichever line ends it has, the same is read", () => {
  const line = fc.stringMatching(/^[^\r\n\0]{1,20}$/);
  const message = fc.record({ id: fc.stringMatching(/^\d{1,6}$/), lines: fc.array(line, { minLength: 1, maxLength: 3 }) });
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 5 }),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (messages, end, sizes) => {
        const text = messages.map(({ id, lines }) => [`id: ${id}`, ...lines.map((each) => `data: ${each}`), "", ""].join(end)).join("");
        const reader = createEventReader();
        const found = [];
        // One more line settles a `\r` that was the last character.
        for (let rest = `${text}: end${end}`; rest !== "";) {
          const size = sizes.next().value ?? 1;
          found.push(...reader.take(rest.slice(0, size)));
          rest = rest.slice(size);
        }
        expect(found).toEqual(messages.map(({ id, lines }) => ({ id, data: lines.join("\n") })));
      },
    ),
  );
});

test("[G62] a message that does not end is given up", () => {
  const reader = createEventReader();
  expect(() => {
    for (let i = 0; i < 20; i += 1) reader.take("x".repeat(100_000));
  }).toThrow(RangeError);
});
