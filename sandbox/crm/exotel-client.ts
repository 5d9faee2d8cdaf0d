/** The integrator's side of Exotel's API: runs on the CRM's server, because the key must never reach a browser. */
export interface ExotelAccount {
  /** `https://api.in.exotel.com` or, here, the sandbox. */
  readonly api: string;
  readonly sid: string;
  readonly apiKey: string;
  readonly apiToken: string;
  readonly exoPhone: string;
}

/** Exotel's answer was not a call; `status` is its HTTP status. */
export class ExotelRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`Exotel answered ${status}`);
    this.name = "ExotelRefused";
    this.status = status;
  }
}

/**
 * Click-to-call: rings the agent's phone, then the customer (`POST Calls/connect`).
 *
 * @returns Exotel's `Sid` of the call. Rejects with `ExotelRefused`.
 */
export async function connectCall(
  account: ExotelAccount,
  call: { readonly agent: string; readonly number: string; readonly callId: string; readonly statusCallback: string },
): Promise<string> {
  const form = new URLSearchParams({
    From: `sip:${call.agent}`,
    To: call.number,
    CallerId: account.exoPhone,
    CallType: "trans",
    Record: "true",
    RecordingChannels: "dual",
    StatusCallback: call.statusCallback,
    "StatusCallbackEvents[0]": "terminal",
    StatusCallbackContentType: "application/json",
    CustomField: call.callId,
  });
  const response = await fetch(`${account.api}/v1/Accounts/${account.sid}/Calls/connect.json`, {
    method: "POST",
    headers: { authorization: basic(account) },
    body: form,
    // Exotel says that placing a call may take it 30 s.
    signal: AbortSignal.timeout(35_000),
  });
  if (!response.ok) throw new ExotelRefused(response.status);
  const answer = (await response.json()) as { readonly Call?: { readonly Sid?: string } };
  if (!answer.Call?.Sid) throw new ExotelRefused(502);
  return answer.Call.Sid;
}

/** Fetches a recording for a person who may hear it, with the range that their player asked for. */
export function fetchRecording(account: ExotelAccount, url: string, range: string | undefined): Promise<Response> {
  return fetch(url, { headers: { authorization: basic(account), ...(range ? { range } : {}) }, signal: AbortSignal.timeout(30_000) });
}

function basic(account: ExotelAccount): string {
  return `Basic ${Buffer.from(`${account.apiKey}:${account.apiToken}`).toString("base64")}`;
}
