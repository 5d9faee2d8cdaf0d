import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import type { CallDouble } from "./call-double.ts";
import { playEngine } from "./played-engine.ts";

const play = async () => {
  const played = playEngine(new FakeClock(), settled);
  await played.ready();
  return played;
};
/** The Replaces header of somebody who takes over the far end of this call (RFC 3891 section 6.1). */
const replaces = (call: CallDouble): Record<string, string> => {
  const tag = /;tag=([^;]+)/.exec(call.messages.find(({ status }) => status === 200)?.header("To") ?? "")?.[1] ?? "";
  return { Replaces: `${call.callId};to-tag=${tag};from-tag=far`, From: '"Meera" <sip:+918000000009@net.test>' };
};

test("[E63] an INVITE that replaces a call is answered at once, and the call that it replaces ends with BYE, without an end here", async () => {
  const { engine, network, events, up, said } = await play();
  const { leg, call } = await up();
  await engine.setMuted(leg, true);
  said();
  const next = network.ring({ ...replaces(call), Require: "replaces" });
  await settled();
  expect(next.sent).toContain(200);
  expect(call.sent.at(-1)).toBe("BYE");
  expect(said()).toEqual(["leg-replaced [object Object]", "leg-muted true", "leg-connected"]);
  const replaced = events.find((event) => event.type === "leg-replaced");
  expect(replaced).toMatchObject({ leg, by: { number: "+918000000009", name: "Meera" } });
  const now = replaced?.type === "leg-replaced" ? replaced.by.leg : "";
  await engine.hangUp(now);
  expect(next.sent.at(-1)).toBe("BYE");
  await expect(engine.hangUp(leg)).rejects.toMatchObject({ code: "no-call" });
});

test("[E63] a held call that is replaced stays held: nobody is heard", async () => {
  const { engine, network, up } = await play();
  const { leg, call } = await up();
  await engine.setHeld(leg, true);
  await settled();
  const next = network.ring(replaces(call));
  await settled();
  expect(next.sdp).toContain("a=sendonly");
});

test("[E63] one that names no call of ours is refused with 481, one that wants a ringing call alone with 486", async () => {
  const { network, up, said } = await play();
  const { call } = await up();
  expect(network.ring({ Replaces: "nobody;to-tag=a;from-tag=b" }).sent.at(-1)).toBe(481);
  const { Replaces = "" } = replaces(call);
  expect(network.ring({ Replaces: `${Replaces};early-only` }).sent.at(-1)).toBe(486);
  expect(said()).toEqual([]);
});
