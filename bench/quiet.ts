import { cpus } from "node:os";

const LOOK_EVERY_MS = 250;
const IDLE_SHARE = 0.65;
/** A machine that never rests is measured as it is. */
const LATEST_MS = 10_000;

/** Resolves when the machine has little else to do: what one page leaves behind is not part of the next one's time. */
export async function quiet(): Promise<void> {
  const deadline = Date.now() + LATEST_MS;
  let before = spent();
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const now = spent();
    if (now.idle - before.idle >= IDLE_SHARE * (now.all - before.all)) return;
    before = now;
  }
}

/** ms of all processors together since the machine started. */
function spent(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((each) => Object.values(each))) };
}
