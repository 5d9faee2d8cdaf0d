import { readFileSync, writeFileSync } from "node:fs";

/**
 * `node scripts/icons.ts`: writes the shapes of the icons that the screen uses from lucide-static (ISC licence) as
 * data, so that they are drawn as elements: no innerHTML, which Trusted Types forbid, and no bytes for the other 2,000.
 */
const NAMES = [
  "arrow-left-right",
  "bell-off",
  "bell-ring",
  "check",
  "copy",
  "delete",
  "ellipsis",
  "external-link",
  "eye",
  "eye-off",
  "grip",
  "history",
  "info",
  "log-out",
  "mic",
  "mic-off",
  "monitor",
  "pause",
  "phone",
  "phone-forwarded",
  "phone-incoming",
  "phone-missed",
  "phone-outgoing",
  "play",
  "refresh-cw",
  "search",
  "settings",
  "triangle-alert",
  "volume-2",
  "x",
];

const LUCIDE = import.meta.resolve("lucide-static/package.json");

const shapes = NAMES.map((name) => {
  const svg = readFileSync(new URL(`icons/${name}.svg`, LUCIDE), "utf8");
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1);
  const elements = [...body.matchAll(/<(\w+)\s([^>]*?)\/>/g)].map(([, tag, attributes = ""]) => {
    const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(
      ([, key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    );
    return `[${JSON.stringify(tag)}, { ${pairs.join(", ")} }]`;
  });
  if (elements.length === 0) throw new Error(`${name}.svg has no shape that is understood`);
  return `  ${JSON.stringify(name)}: [${elements.join(", ")}],`;
});

const text = `/** Written by \`node scripts/icons.ts\` from lucide-static (ISC licence, https://lucide.dev/license). Not edited by hand. */
export const ICON_SHAPES = {
${shapes.join("\n")}
} as const satisfies Record<string, readonly (readonly [string, Readonly<Record<string, string>>])[]>;
`;
writeFileSync(new URL("../src/ui/icon-shapes.ts", import.meta.url), text);
