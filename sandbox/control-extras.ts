import type { ConfigHolder } from "./config-holder.ts";
import type { CallLogStore } from "./crm/call-log-store.ts";
import { HttpError, json, jsonBody, type HttpRoute } from "./http/router.ts";
import type { CallbackUrls } from "./exotel-api/callbacks.ts";

export interface ControlExtras {
  readonly config: ConfigHolder;
  readonly store: CallLogStore;
  /** Where the call flow's popup and Passthru go. */
  readonly callbackUrls: { current: CallbackUrls };
}

/** The part of the control that is not the telephone network: the phone's configuration, the CRM's store, Exotel's callbacks. */
export function controlExtras({ config, store, callbackUrls }: ControlExtras): readonly HttpRoute[] {
  return [
    ["GET", "/config", () => json(200, config.get())],
    [
      "PUT",
      "/config",
      async (request) => {
        const problems = config.replace(await jsonBody(request));
        return problems.length === 0 ? json(200, config.get()) : json(400, { error: "not a valid config.json", problems });
      },
    ],
    [
      "GET",
      "/crm/call-logs",
      () =>
        json(
          200,
          store.all().map(({ log }) => log),
        ),
    ],
    [
      "DELETE",
      "/crm/call-logs",
      () => {
        store.clear();
        return json(200, { cleared: true });
      },
    ],
    [
      "POST",
      "/crm/faults",
      async (request) => {
        const { loseAcknowledgements, failSaves } = fields(await jsonBody(request));
        store.setFaults({ ...count("loseAcknowledgements", loseAcknowledgements), ...count("failSaves", failSaves) });
        return json(200, { set: true });
      },
    ],
    ["GET", "/exotel/callbacks", () => json(200, callbackUrls.current)],
    [
      "PUT",
      "/exotel/callbacks",
      async (request) => {
        const { popup, passthru } = fields(await jsonBody(request));
        callbackUrls.current = { popup: address("popup", popup), passthru: address("passthru", passthru) };
        return json(200, callbackUrls.current);
      },
    ],
  ];
}

function fields(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new HttpError(400, "the body must be a JSON object");
  return Object.fromEntries(Object.entries(value));
}

function count(name: string, value: unknown): Record<string, number> {
  if (value === undefined) return {};
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw new HttpError(400, `${name} must be a whole number`);
  return { [name]: value };
}

function address(name: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" || !/^https?:\/\//.test(value) || !URL.canParse(value))
    throw new HttpError(400, `${name} must be an http(s) address or null`);
  return value;
}
