import type { Agent } from "node:http";
import { exotelHeaders } from "../../gateway/fakes/gateway-stage.ts";
import { istTime } from "../../gateway/exotel/ist-time.ts";
import { ask } from "./requests.ts";

/** What Exotel reports of one answered call, one after the other: three popups and the end. */
export function createCallbacks(address: string, prefix: string): (agent: Agent) => Promise<number> {
  let sent = 0;
  return (agent) => {
    const call = Math.floor(sent / 4);
    const step = sent % 4;
    sent += 1;
    const sid = `${prefix}-${call}`;
    const number = `0905${String(1_000_000 + (call % 9_000_000))}`;
    const now = Date.now();
    const popup = { CallSid: sid, From: number, DialWhomNumber: "sip:agent-0", EventType: ["Dial", "Ringing", "Answered"][step] ?? "" };
    const end = {
      CallSid: sid,
      EventType: "terminal",
      Status: "completed",
      Direction: "inbound",
      From: number,
      To: `sip:agent-${call % 500}`,
      StartTime: istTime(now - 40_000),
      EndTime: istTime(now),
      ConversationDuration: "30",
    };
    const values = step < 3 ? { ...popup, DialWhomNumber: `sip:agent-${call % 500}` } : end;
    const url = `${address}/api/callbacks/exotel/${step < 3 ? "popup" : "status"}?${new URLSearchParams(values)}`;
    return ask(url, exotelHeaders, agent);
  };
}
