import { useScreen } from "./screen-state.ts";
import { QUALITY_REASONS, QUALITY_WORDS } from "./strings.ts";

const BARS = { good: 3, fair: 2, poor: 1 } as const;

/** Word and bars: what the line is like, and why where it is not good. */
export function Quality() {
  const quality = useScreen().phone.quality.value;
  if (!quality) return null;
  const reason = quality.reason && QUALITY_REASONS[quality.reason];
  return (
    <span class={`quality quality-${quality.level}`} title={reason ?? "The line is good"}>
      {QUALITY_WORDS[quality.level]}
      <span class="bars" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <i key={bar} class={bar <= BARS[quality.level] ? "bar bar-on" : "bar"} />
        ))}
      </span>
    </span>
  );
}
