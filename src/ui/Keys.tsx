import { useRef } from "preact/hooks";

const KEYS = [
  ["1", ""],
  ["2", "ABC"],
  ["3", "DEF"],
  ["4", "GHI"],
  ["5", "JKL"],
  ["6", "MNO"],
  ["7", "PQRS"],
  ["8", "TUV"],
  ["9", "WXYZ"],
  ["*", ""],
  ["0", "+"],
  ["#", ""],
] as const;
const NAMES: Readonly<Record<string, string>> = { "*": "Star", "#": "Hash" };
const LONG_PRESS_MS = 500;

/** The twelve keys. `onLongZero`: what holding 0 down does, where a plus makes sense. */
export function Keys(props: { readonly onKey: (key: string) => void; readonly onLongZero?: () => void }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wasLong = useRef(false);
  const press = (key: string) => {
    wasLong.current = false;
    const { onLongZero } = props;
    if (key !== "0" || !onLongZero) return;
    timer.current = setTimeout(() => {
      wasLong.current = true;
      onLongZero();
    }, LONG_PRESS_MS);
  };
  const release = () => clearTimeout(timer.current);
  return (
    <div class="keys" role="group" aria-label="Keys">
      {KEYS.map(([key, letters]) => (
        <button
          key={key}
          type="button"
          class="key"
          aria-label={NAMES[key]}
          onPointerDown={() => press(key)}
          onPointerUp={release}
          onPointerLeave={release}
          onPointerCancel={release}
          onClick={() => {
            if (!wasLong.current) props.onKey(key);
            wasLong.current = false;
          }}
        >
          <span class="key-digit">{key}</span> <span class="key-letters">{letters}</span>
        </button>
      ))}
    </div>
  );
}
