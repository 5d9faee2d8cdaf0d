import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";

export interface RecordingSourceParts {
  readonly config: GatewayConfig["exotel"];
  readonly credentials: { readonly key: string; readonly token: string };
  readonly fetch: typeof fetch;
}

/** Fetches a recording from Exotel with the account's key, from allowed hosts alone. */
export type FetchRecording = (url: string, headers: Headers, signal: AbortSignal) => Promise<Response>;

const MOST_REDIRECTS = 3;
const ANSWER_MS = 15_000;

/**
 * The address came with a callback: it is a claim. Only hosts that the deployment names are asked (and Exotel's API), by TLS
 * where that is; the key goes to the first host alone, and a redirect is followed only to another allowed one.
 *
 * @throws GatewayError `forbidden` for any other address, `exotel-unavailable` where nothing answers.
 */
export function createFetchRecording({ config, credentials, fetch }: RecordingSourceParts): FetchRecording {
  const api = new URL(config.api);
  const hosts = new Set([api.host, ...config.recordingHosts]);
  const authorization = `Basic ${Buffer.from(`${credentials.key}:${credentials.token}`).toString("base64")}`;
  const allowed = (address: string, base?: URL): URL => {
    const url = URL.parse(address, base);
    const isProtocol = url?.protocol === "https:" || (url?.origin === api.origin && api.protocol === "http:");
    if (!url || !isProtocol || !hosts.has(url.host) || url.username !== "" || url.password !== "") {
      throw new GatewayError("forbidden", "the recording lies at an address that is not allowed");
    }
    return url;
  };
  return async (address, wanted, signal) => {
    let url = allowed(address);
    const first = url.host;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const headers = new Headers(wanted);
      if (url.host === first) headers.set("authorization", authorization);
      const response = await answerOf(fetch, url, headers, signal);
      const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
      if (location === null) return response;
      await response.body?.cancel();
      url = allowed(location, url);
    }
    throw new GatewayError("exotel-unavailable", "the recording is redirected too often");
  };
}

/** The time limit is for the answer's beginning; what follows may take as long as somebody listens. */
async function answerOf(fetch: RecordingSourceParts["fetch"], url: URL, headers: Headers, signal: AbortSignal): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_MS);
  try {
    return await fetch(url, { headers, redirect: "manual", signal: AbortSignal.any([signal, late.signal]) });
  } catch (error) {
    throw new GatewayError("exotel-unavailable", "Exotel does not answer", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
