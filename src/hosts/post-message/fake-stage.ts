import type { Host } from "../../core/ports.ts";
import type { HostRequestType } from "../../protocol/host.ts";
import { FakeClock } from "../fake-clock.ts";
import { FakePort } from "./fake-port.ts";
import { FakeWindow } from "./fake-window.ts";
import { createPostMessageHost } from "./host.ts";

export const CRM = "https://crm.example.com";

/** A phone in a frame, with the page around it played by the test. */
export interface Stage {
  readonly host: Host;
  readonly world: FakeWindow;
  readonly clock: FakeClock;
  readonly logged: string[];
  /** The page connects, with every capability unless told otherwise; returns the phone's end of the port. */
  connect(capabilities?: readonly string[]): FakePort;
}

const EVERYTHING: readonly HostRequestType[] = ["match-number", "pop-record", "save-call-log", "place-call"];

export function createStage(requestTimeoutMs = 10_000): Stage {
  const world = new FakeWindow();
  const clock = new FakeClock();
  const logged: string[] = [];
  let ids = 0;
  const host = createPostMessageHost({
    world,
    allowedOrigins: [CRM],
    requestTimeoutMs,
    clock,
    log: { write: (level, event) => void logged.push(`${level} ${event}`) },
    newId: () => `id-${(ids += 1)}`,
  });
  return {
    host,
    world,
    clock,
    logged,
    connect(capabilities = EVERYTHING) {
      const port = new FakePort();
      world.deliver({ data: say("connect", { capabilities }), origin: CRM, ports: [port] });
      return port;
    },
  };
}

/** A message as a page would send it. */
export function say(type: string, payload: unknown = {}, id = `page-${type}`) {
  return { softphone: 1, id, type, payload };
}
