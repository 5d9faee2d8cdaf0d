import * as v from "valibot";
import type { ConfigHolder } from "./config-holder.ts";
import { ControlError, type Route } from "./control/routes.ts";
import type { CallLogStore } from "./crm/call-log-store.ts";
import type { CallbackUrls } from "./exotel-api/callbacks.ts";
import type { IceServersAnswer } from "./phone-server.ts";

export interface ControlExtras {
  readonly iceServers: IceServersAnswer;
  readonly config: ConfigHolder;
  readonly store: CallLogStore;
  /** Where the call flow's popup and Passthru go. */
  readonly callbackUrls: { current: CallbackUrls };
}

const count = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));
const faults = v.strictObject({ loseAcknowledgements: count, failSaves: count });
const address = v.optional(v.nullable(v.pipe(v.string(), v.url(), v.regex(/^https?:/, "an http(s) address or null"))), null);
const urls = v.strictObject({ popup: address, passthru: address });

/** The part of the control that is not the telephone network: the phone's configuration, the CRM's store, Exotel's callbacks. */
export function controlExtras({ config, store, callbackUrls, iceServers }: ControlExtras): readonly Route[] {
  return [
    { method: "GET", path: "/config", handle: () => ({ body: config.get() }) },
    {
      method: "PUT",
      path: "/config",
      handle: ({ body }) => {
        const problems = config.replace(body);
        if (problems.length > 0) return { status: 400, body: { error: "not a valid config.json", problems } };
        return { body: config.get() };
      },
    },
    {
      method: "PUT",
      path: "/ice-servers",
      handle: ({ body }) => {
        iceServers.current = body ?? null;
        return { body: { set: body !== undefined } };
      },
    },
    { method: "GET", path: "/crm/call-logs", handle: () => ({ body: store.all().map(({ log }) => log) }) },
    {
      method: "DELETE",
      path: "/crm/call-logs",
      handle: () => {
        store.clear();
        return { body: { cleared: true } };
      },
    },
    {
      method: "POST",
      path: "/crm/faults",
      handle: ({ body }) => {
        const { loseAcknowledgements, failSaves } = checked(faults, body);
        store.setFaults({
          ...(loseAcknowledgements === undefined ? {} : { loseAcknowledgements }),
          ...(failSaves === undefined ? {} : { failSaves }),
        });
        return { body: { set: true } };
      },
    },
    { method: "GET", path: "/exotel/callbacks", handle: () => ({ body: callbackUrls.current }) },
    {
      method: "PUT",
      path: "/exotel/callbacks",
      handle: ({ body }) => {
        callbackUrls.current = checked(urls, body);
        return { body: callbackUrls.current };
      },
    },
  ];
}

function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new ControlError(400, result.issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`).join("; "));
}
