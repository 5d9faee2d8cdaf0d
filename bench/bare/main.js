// The smallest page that the vendor's guide leads to: what the widget is measured against.
import { ExotelWebClient } from "@exotel-npm-dev/webrtc-client-sdk";

const query = new URLSearchParams(location.search);
const user = query.get("user");
const [host, port] = query.get("proxy").split(":");
const element = (id) => document.getElementById(id);
const client = new ExotelWebClient();

function onCall(_call, event, who) {
  if (event === "incoming") {
    element("who").textContent = who;
    element("incoming").hidden = false;
  } else if (event === "connected") {
    element("incoming").hidden = true;
    element("hangup").hidden = false;
  } else if (event === "callEnded" || event === "terminated") {
    element("incoming").hidden = true;
    element("hangup").hidden = true;
  }
}

client.initWebrtc(
  {
    userName: user,
    authUser: user,
    displayname: user,
    secret: query.get("password"),
    sipdomain: host,
    domain: `${host}:${port}`,
    port,
    security: "ws",
    endpoint: "wss",
  },
  (state) => {
    if (state === "registered") element("status").textContent = "registered";
  },
  onCall,
  () => {},
);
client.DoRegister();
element("answer").onclick = () => client.getCall().Answer();
element("hangup").onclick = () => client.getCall().Hangup();
