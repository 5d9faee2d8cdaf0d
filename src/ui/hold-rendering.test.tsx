// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { holdRendering } from "./hold-rendering.ts";

const word = signal("before");
const root = document.createElement("div");
const Word = () => <p key={word.value}>{word.value}</p>;

beforeEach(() => {
  vi.useFakeTimers();
  word.value = "before";
  render(<Word />, root);
});
afterEach(() => {
  render(null, root);
  vi.useRealTimers();
});
const turns = async (): Promise<void> => {
  for (let count = 0; count < 5; count += 1) await Promise.resolve();
};

test("the screen follows when what it waits for is done", async () => {
  let done = (): void => {};
  void holdRendering(() => new Promise<void>((resolve) => (done = resolve)));
  word.value = "after";
  await turns();
  expect(root.textContent).toBe("before");
  done();
  await turns();
  expect(root.textContent).toBe("after");
});

test("what the work itself changes at once waits, too", async () => {
  let done = (): void => {};
  void holdRendering(() => {
    word.value = "answering";
    return new Promise<void>((resolve) => (done = resolve));
  });
  await turns();
  expect(root.textContent).toBe("before");
  done();
  await turns();
  expect(root.textContent).toBe("answering");
});

test("the screen follows when it takes too long, and when it fails", async () => {
  void holdRendering(() => new Promise(() => {}));
  word.value = "late";
  await turns();
  expect(root.textContent).toBe("before");
  vi.advanceTimersByTime(60);
  await turns();
  expect(root.textContent).toBe("late");
  const refused = holdRendering(() => Promise.reject(new Error("no microphone")));
  word.value = "failed";
  await turns();
  expect(root.textContent).toBe("failed");
  await expect(refused).rejects.toThrow("no microphone");
});

test("afterwards the screen follows at once", async () => {
  void holdRendering(() => Promise.resolve());
  await turns();
  word.value = "again";
  await turns();
  expect(root.textContent).toBe("again");
});
