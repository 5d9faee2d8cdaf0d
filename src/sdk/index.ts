import type { CommandType } from "../protocol/host.ts";
import { createCommands } from "./commands.ts";
import { placeFrame } from "./frame.ts";
import { createListeners } from "./listeners.ts";
import { createAnswering } from "./requests.ts";
import { SoftphoneError } from "./softphone-error.ts";
import type { CallSnapshot, Message, OpenOptions, Phone, PhoneSnapshot } from "./softphone.d.ts";
import { createWatchedConnection } from "./watched-connection.ts";

export { SoftphoneError };
export type * from "./softphone.d.ts";

const TIMEOUT_MS = 30_000;

/** Puts a phone into the page, or takes one that is already there. Types and their documentation: `softphone.d.ts`. */
export function open(options: OpenOptions): Phone {
  // Read first: a URL that is none must not leave a frame behind.
  const { origin } = new URL(options.url, location.href);
  const { frame, undo } = placeFrame(options);
  const newId = countingIds();
  const answering = createAnswering(options);
  const listeners = createListeners();
  const commands = createCommands(options.timeoutMs ?? TIMEOUT_MS, newId, () => (connection.connected ? connection.send : null));
  const methods = commandMethods(commands.give);

  const end = (): void => {
    connection.close();
    commands.close();
  };
  const connection = createWatchedConnection({
    url: options.url,
    page: window,
    frame,
    origin,
    capabilities: answering.capabilities,
    newId,
    onConnected() {
      listeners.tell("connected", {});
      commands.flush();
      methods.getSnapshot().then(
        (snapshot) => {
          connection.callIs(snapshot.call);
          listeners.tell("snapshot", snapshot);
        },
        () => {}, // Lost again, or closed: the next connection asks again.
      );
    },
    onLost(reason) {
      commands.fail("phone-reloaded");
      listeners.tell("disconnected", { reason });
    },
    onMessage(message) {
      if (message.type === "ack" || message.type === "refused") return commands.answered(message);
      const answer = answering.answer(message);
      if (answer !== null) return void answer.then((result) => connection.connected && connection.send({ id: message.id, ...result }));
      if (message.type === "call-changed") connection.callIs((message.payload as { readonly call: CallSnapshot }).call);
      // Another library has the phone now: to load its frame anew would take it from that one.
      if (message.type === "disconnected") end();
      listeners.tell(message.type, message.payload);
    },
    onTraffic: (direction, message) => options.onTraffic?.(direction, withoutPassword(message)),
  });

  return {
    frame,
    get connected() {
      return connection.connected;
    },
    ...methods,
    on: listeners.on,
    close() {
      end();
      listeners.clear();
      undo();
    },
  };
}

function commandMethods(give: (type: CommandType, payload: object) => Promise<unknown>) {
  const command = async (type: CommandType, payload: object = {}): Promise<void> => void (await give(type, payload));
  const call = async (type: CommandType, payload: object) => (await give(type, payload)) as { readonly callId: string | null };
  return {
    dial: (about) => call("dial", about),
    answer: () => command("answer"),
    reject: () => command("reject"),
    hangup: () => command("hangup"),
    transfer: (number) => command("transfer", { number }),
    consult: (number) => call("consult", { number }),
    completeTransfer: () => command("completeTransfer"),
    cancelConsult: () => command("cancelConsult"),
    swap: () => command("swap"),
    mute: (muted) => command("mute", { muted }),
    hold: (held) => command("hold", { held }),
    dtmf: (digits) => command("dtmf", { digits }),
    setContext: (record, number) => command("setContext", { record, ...(number === undefined ? {} : { number }) }),
    signIn: (credentials) => command("signIn", credentials),
    signInByToken: (token) => command("signInByToken", { token }),
    signOut: () => command("signOut"),
    showPanel: (panel) => command("showPanel", { panel }),
    getSnapshot: async () => (await give("getSnapshot", {})) as PhoneSnapshot,
  } satisfies Omit<Phone, "frame" | "connected" | "on" | "close">;
}

/** Unique among what this page sends; `crypto.randomUUID` is missing on pages without TLS. */
function countingIds(): () => string {
  const prefix = Math.random();
  let count = 0;
  return () => `${prefix}-${(count += 1)}`;
}

function withoutPassword(message: Message): Message {
  return message.type.startsWith("signIn") ? { ...message, payload: {} } : message;
}
