import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useScreen } from "./screen-state.ts";

/** What the microphone hears now. Moves by transform alone: no render, no layout. */
export function MicLevel() {
  const { phone } = useScreen();
  const bar = useRef<HTMLSpanElement>(null);
  useSignalEffect(() => {
    // Speech sits at a few per cent of full scale; the square root makes it visible.
    const shown = Math.sqrt(Math.min(1, Math.max(0, phone.inputLevel.value)));
    bar.current?.style.setProperty("transform", `scaleX(${shown.toFixed(2)})`);
  });
  return (
    <span class="level" aria-hidden="true">
      <span class="level-bar" ref={bar} />
    </span>
  );
}
