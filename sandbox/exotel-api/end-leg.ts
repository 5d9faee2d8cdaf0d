import { json, jsonBody, type HttpRequest, type HttpRoute } from "../http/router.ts";
import type { Network } from "../network/network.ts";
import { account } from "./account.ts";

const HANG_UP = '<?xml version="1.0" encoding="UTF-8"?><Flow><Hangup></Hangup></Flow>';

/** Of the ExoML leg actions (chapter 2.4.4) the one that ends a call of the network: `<Hangup>` of the agent's leg. */
export function endLegRoute(network: Pick<Network, "calls" | "hangUp">): HttpRoute {
  const wanted = `Basic ${Buffer.from(`${account.apiKey}:${account.apiToken}`).toString("base64")}`;
  const refusal = (status: number, message: string) => json(status, { http_code: status, response: { error: { message } } });
  const act = async (request: HttpRequest) => {
    if (request.headers.authorization !== wanted) return refusal(401, "Authentication failed");
    const body = await jsonBody(request);
    const isHangUp = typeof body === "object" && body !== null && "exoml" in body && body.exoml === HANG_UP;
    if (!isHangUp) return refusal(400, "Invalid EXOML or parameters");
    const call = network.calls().find(({ legSid, endedAt }) => legSid === request.params["leg"] && endedAt === null);
    if (!call) return refusal(404, "Leg not found");
    network.hangUp(call.sid);
    return json(202, { request_id: call.sid, http_code: 202, response: { data: { leg_sid: call.legSid } } });
  };
  return ["POST", `/v2/accounts/${account.sid}/legs/:leg/actions`, act];
}
