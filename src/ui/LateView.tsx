import { useEffect, useState } from "preact/hooks";
import type { FunctionComponent } from "preact";
import { Button } from "./Button.tsx";

/** Views that nobody needs in the first second. Fetched when the phone is idle, so that a click finds them there. */
const LATE = {
  History: () => import("./History.tsx").then((module) => module.History),
  Settings: () => import("./Settings.tsx").then((module) => module.Settings),
} as const satisfies Record<string, () => Promise<FunctionComponent>>;
type LateName = keyof typeof LATE;

const arrived = new Map<LateName, FunctionComponent>();

async function fetchView(name: LateName): Promise<void> {
  if (!arrived.has(name)) arrived.set(name, await LATE[name]());
}

/** Fetches what is not there yet, when the browser has nothing better to do. */
export function preloadViews(): void {
  const idle = globalThis.requestIdleCallback ?? setTimeout;
  // A view that does not come now is asked for again, and says so, when it is opened.
  idle(() => void Promise.allSettled([fetchView("History"), fetchView("Settings")]));
}

/** Give it `name` as its key: one that has failed says nothing about another. */
export function LateView({ name }: { readonly name: LateName }) {
  const [state, setState] = useState<"waiting" | "late" | "there" | "failed">("waiting");
  const View = arrived.get(name);
  useEffect(() => {
    if (arrived.has(name) || state !== "waiting") return;
    const skeleton = setTimeout(() => setState("late"), 300);
    const settle = (next: "there" | "failed") => {
      clearTimeout(skeleton);
      setState(next);
    };
    fetchView(name).then(
      () => settle("there"),
      () => settle("failed"),
    );
  }, [name, state]);
  if (View) return <View />;
  if (state === "failed") {
    return (
      <div class="view empty">
        <p>This part of the phone did not load. Calls work all the same.</p>
        <Button onClick={() => setState("waiting")}>Try again</Button>
      </div>
    );
  }
  return <div class="view late">{state === "late" && <p class="skeleton">Loading…</p>}</div>;
}
