type Rgb = readonly [number, number, number];

/** Contrast that text needs against what it stands on (WCAG 2.2, 1.4.3). */
const TEXT_CONTRAST = 4.5;

/** WCAG relative luminance contrast of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/**
 * The colour a deployment chose, moved towards black or white, whichever is away from `ground`, until text in it can
 * be read there. As contrast is symmetric, text of the ground's colour can then be read on it too.
 */
export function readableAccent(accent: string, ground: string): string {
  const goal = luminance(parse(ground)) > 0.18 ? 0 : 255;
  for (let step = 0; step <= 20; step++) {
    const moved = parse(accent).map((channel) => Math.round(channel + ((goal - channel) * step) / 20));
    const colour = `#${moved.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
    if (contrast(colour, ground) >= TEXT_CONTRAST) return colour;
  }
  return goal === 0 ? "#000000" : "#ffffff";
}

function parse(colour: string): Rgb {
  const channel = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
