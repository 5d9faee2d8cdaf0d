import "@preact/signals";
import { render } from "preact";
import { App } from "../../src/ui/App.tsx";
import { BootScreen } from "../../src/ui/BootScreen.tsx";
import { FakePhone } from "../../src/ui/stories/fake-phone.ts";
import { SCENES } from "../../src/ui/stories/scenes.ts";

/** `stage.html?scene=ringing`: one scene, drawn by the same components as in the product. */
const name = new URLSearchParams(location.search).get("scene") ?? "ready";
const root = document.getElementById("phone");
const scene = SCENES[name];
if (root && name === "config-broken") {
  const problems = ["sip.presets.0.proxy: a host with an optional port, such as voip.exotel.com:443", "wrapUp.fields.0.kind: unknown"];
  render(<BootScreen state={{ kind: "config-broken", problems }} />, root);
} else if (root && name === "engine-failed") {
  render(<BootScreen state={{ kind: "engine-failed" }} />, root);
} else if (root && scene) {
  const phone = new FakePhone(scene.config);
  scene.play(phone);
  render(<App phone={phone} hints={{ version: "0.1.0" }} />, root);
}
