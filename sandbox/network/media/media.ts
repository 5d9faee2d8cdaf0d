import { fork } from "node:child_process";
import type { FromMedia, MediaEvent, MediaReply, MediaRequest, ToMedia } from "./messages.ts";

/** The media process as the network sees it. */
export interface Media {
  request(request: MediaRequest): Promise<MediaReply>;
  close(): Promise<void>;
}

export interface MediaEvents {
  onEvent(event: MediaEvent): void;
  /** The process ended without being asked: all audio is gone. */
  onLost(): void;
}

interface Waiting {
  resolve(reply: MediaReply): void;
  reject(error: Error): void;
}

export function startMedia(events: MediaEvents): Media {
  const child = fork(new URL("media-process.ts", import.meta.url), { execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let closing = false;

  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      for (const { reject } of waiting.values()) reject(new Error("the media process has ended"));
      waiting.clear();
      resolve();
      if (!closing) events.onLost();
    });
  });

  child.on("message", (message: FromMedia) => {
    if ("event" in message) return events.onEvent(message.event);
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) asked?.reject(new Error(message.error));
    else asked?.resolve(message.reply);
  });

  return {
    async request(request) {
      if (!child.connected) throw new Error("the media process has ended");
      const id = nextId;
      nextId += 1;
      return await new Promise<MediaReply>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, request } satisfies ToMedia);
      });
    },
    async close() {
      closing = true;
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
