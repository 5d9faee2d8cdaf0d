import { expect, test } from "vitest";
import type { Clock } from "../core/ports.ts";
import { watchLeaving } from "./leaving.ts";
import { watchWaking } from "./waking.ts";

const leavePage = (page: EventTarget) => {
  const event = new Event("beforeunload", { cancelable: true });
  page.dispatchEvent(event);
  return event.defaultPrevented ? "asked" : "left";
};

test("[P85] a page with a call on it asks before it is left, any other does not", () => {
  const page = new EventTarget();
  let callIsUp = false;
  const undo = watchLeaving(
    page,
    () => callIsUp,
    () => undefined,
  );
  expect(leavePage(page)).toBe("left");
  callIsUp = true;
  expect(leavePage(page)).toBe("asked");
  undo();
  expect(leavePage(page)).toBe("left");
});

test("[P85] a page that is left all the same ends its call", () => {
  const page = new EventTarget();
  let left = 0;
  const undo = watchLeaving(
    page,
    () => true,
    () => (left += 1),
  );
  page.dispatchEvent(new Event("pagehide"));
  undo();
  page.dispatchEvent(new Event("pagehide"));
  expect(left).toBe(1);
});

class WoundClock implements Clock {
  at = 0;
  run: () => void = () => undefined;
  now(): number {
    return this.at;
  }
  after(_ms: number, run: () => void): () => void {
    this.run = run;
    return () => void (this.run = () => undefined);
  }
}

test("[P86] network, wake-up and sleep are told; becoming hidden is not", () => {
  const page = new EventTarget();
  const clock = new WoundClock();
  const heard: string[] = [];
  let visible = true;
  const undo = watchWaking([page], () => visible, clock, {
    networkChanged: (online) => heard.push(online ? "online" : "offline"),
    froze: () => heard.push("froze"),
    woke: (slept) => heard.push(slept ? "slept" : "seen again"),
  });
  const take = () => heard.splice(0);
  page.dispatchEvent(new Event("offline"));
  page.dispatchEvent(new Event("online"));
  expect(take()).toEqual(["offline", "online"]);
  page.dispatchEvent(new Event("visibilitychange"));
  expect(take()).toEqual(["seen again"]);
  page.dispatchEvent(new Event("freeze"));
  page.dispatchEvent(new Event("resume"));
  expect(take()).toEqual(["froze", "slept"]);
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect(take()).toEqual(["slept"]);
  visible = false;
  page.dispatchEvent(new Event("visibilitychange"));
  expect(take()).toEqual([]);
  clock.at += 60_000;
  clock.run();
  expect(take()).toEqual([]);
  clock.at += 8 * 3_600_000;
  clock.run();
  expect(take()).toEqual(["slept"]);
  undo();
  page.dispatchEvent(new Event("online"));
  clock.at += 8 * 3_600_000;
  clock.run();
  expect(take()).toEqual([]);
});
