// The smallest page that sip.js's own guide leads to.
import { SimpleUser } from "sip.js/lib/platform/web/index.js";

const query = new URLSearchParams(location.search);
const user = query.get("user");
const element = (id) => document.getElementById(id);
const show = (incoming, hangup) => {
  element("incoming").hidden = !incoming;
  element("hangup").hidden = !hangup;
};
const phone = new SimpleUser(`ws://${query.get("proxy")}/wss`, {
  aor: `sip:${user}@${query.get("domain")}`,
  media: { constraints: { audio: true, video: false }, remote: { audio: element("sound") } },
  userAgentOptions: { authorizationUsername: user, authorizationPassword: query.get("password") },
  delegate: {
    onRegistered: () => (element("status").textContent = "registered"),
    onCallReceived: () => {
      element("who").textContent = "A call";
      show(true, false);
    },
    onCallAnswered: () => show(false, true),
    onCallHangup: () => show(false, false),
  },
});
phone.connect().then(() => phone.register());
element("answer").onclick = () => phone.answer();
element("hangup").onclick = () => phone.hangup();
