import { expect, test } from "vitest";
import { createDeferred } from "./deferred.ts";
import { createEmitter } from "./emitter.ts";
import { createScope } from "./scope.ts";

test("a scope undoes last first, once, and what comes late at once", () => {
  const undone: string[] = [];
  const scope = createScope();
  scope.add(() => undone.push("first"));
  scope.add(() => undone.push("second"));
  scope.close();
  scope.close();
  scope.add(() => undone.push("late"));
  expect(undone).toEqual(["second", "first", "late"]);
});

test("an emitter tells each subscription until it is undone", () => {
  const heard: number[] = [];
  const emitter = createEmitter<number>();
  const listener = (value: number) => void heard.push(value);
  const undo = emitter.on(listener);
  emitter.on(listener);
  emitter.emit(1);
  undo();
  undo();
  emitter.emit(2);
  expect(heard).toEqual([1, 1, 2]);
  expect(emitter.listenerCount()).toBe(1);
});

test("a deferred settles its promise", async () => {
  const yes = createDeferred<number>();
  yes.resolve(1);
  const no = createDeferred<number>();
  no.reject(new Error("no"));
  expect(await yes.promise).toBe(1);
  await expect(no.promise).rejects.toThrow("no");
});
