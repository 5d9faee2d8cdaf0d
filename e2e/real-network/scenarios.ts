/** What a sipp caller does, as sipp's XML. `[name]`, `[callsid]` and `[rtp_port]` are keys given on the command line. */

const DIALOG_HEADERS = `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "[name]" <sip:09845000012@[local_ip]:[local_port]>;tag=[pid]caller[call_number]`;

const SDP = (direction: string): string => `v=0
o=caller 53655765 2353687637 IN IP4 [media_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [rtp_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=${direction}`;

const invite = `<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
${DIALOG_HEADERS}
To: <sip:[service]@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
X-Exotel-Callsid: [callsid]
LegSid: leg-[callsid]
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

${SDP("sendrecv")}
]]></send>
<recv response="100" optional="true"></recv>
<recv response="180" optional="true"></recv>`;

const inDialog = (method: string, sequence: number): string => `<send retrans="500"><![CDATA[
${method} [next_url] SIP/2.0
${DIALOG_HEADERS}
[routes]
To: <sip:[service]@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: ${sequence} ${method}
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0
]]></send>`;

const ack = inDialog("ACK", 1).replace(' retrans="500"', "");
const answered = `<recv response="200" rrs="true"></recv>${ack}`;

/** `next`: the label to go on at. Given to the `<send>` itself: a `<nop>` after it would still stand when the next request comes. */
const ok = (next: string, sdp?: string): string => `<send${next === "" ? "" : ` next="${next}"`}><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:caller@[local_ip]:[local_port]>
${sdp === undefined ? "Content-Length: 0" : `Content-Type: application/sdp\nContent-Length: [len]\n\n${sdp}`}
]]></send>`;

/** Answers to an ACK of a refusal go to the request's own URI (RFC 3261 section 17.1.1.3). */
const ackOfRefusal = `<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0
]]></send>`;

/** Says yes to everything the agent asks in the call, INFO and re-INVITE, until the agent's BYE. */
const untilBye = `<label id="1"/>
<recv request="INFO" optional="true" next="2"></recv>
<recv request="ACK" optional="true" next="1"></recv>
<recv request="INVITE" optional="true" next="3">
  <action>
    <ereg regexp="a=(sendrecv|sendonly|inactive|recvonly)" search_in="msg" assign_to="4,5"/>
    <strcmp assign_to="6" variable="5" value="sendonly"/>
    <strcmp assign_to="7" variable="5" value="inactive"/>
    <test assign_to="8" variable="6" compare="equal" value="0"/>
    <test assign_to="9" variable="7" compare="equal" value="0"/>
  </action>
</recv>
<recv request="BYE" next="7"></recv>
<label id="2"/>${ok("1")}
<label id="3"/><nop next="4" test="8"></nop><nop next="5" test="9"></nop>
${ok("1", SDP("sendrecv"))}
<label id="4"/>${ok("1", SDP("recvonly"))}
<label id="5"/>${ok("1", SDP("inactive"))}
<label id="7"/>${ok("")}<Reference variables="4"/>`;

const scenario = (...parts: readonly string[]): string =>
  `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="caller">\n${parts.join("\n")}\n</scenario>\n`;

export const scenarios = {
  /** Talks until the agent hangs up. */
  talks: scenario(invite, answered, untilBye),
  /** Talks for the time given by `-d`, then hangs up. */
  hangsUp: scenario(invite, answered, "<pause/>", inDialog("BYE", 2), '<recv response="200"></recv>'),
  /** Lets it ring for the time given by `-d`, then cancels. */
  givesUp: scenario(
    invite.replace('<recv response="180" optional="true">', '<recv response="180">'),
    "<pause/>",
    `<send retrans="500"><![CDATA[
CANCEL sip:[service]@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
To: <sip:[service]@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0
]]></send>
<recv response="200"></recv>
<recv response="487"></recv>`,
    ackOfRefusal,
  ),
  /** Is refused; sipp fails where it is answered. */
  refused: scenario(
    invite,
    '<recv response="480" optional="true" next="1"></recv>\n<recv response="486" optional="true" next="1"></recv>\n<recv response="603"></recv>',
    `<label id="1"/>${ackOfRefusal}`,
  ),
} as const;
export type ScenarioName = keyof typeof scenarios;
