// @vitest-environment happy-dom
import { afterEach, beforeAll, expect, test } from "vitest";
import { open } from "./index.ts";

// Off by default, and then happy-dom prints an error for each frame.
beforeAll(() => {
  const { happyDOM } = window as unknown as { happyDOM: { settings: object } };
  Object.assign(happyDOM.settings, { enableIframePageLoading: true, disableIframePageLoading: false });
});
afterEach(() => document.body.replaceChildren());

// Needs no network.
const url = "about:blank";

test("[S20] open puts a frame with every permission that the phone can use into the container", () => {
  document.body.innerHTML = '<div id="phone"></div>';
  const phone = open({ url, container: "#phone" });
  expect(document.querySelector("#phone > iframe")).toBe(phone.frame);
  expect(phone.frame.title).toBe("Softphone");
  expect(phone.frame.getAttribute("allow")?.split("; ")).toEqual(
    expect.arrayContaining(["microphone", "autoplay", "speaker-selection", "clipboard-write", "screen-wake-lock", "hid"]),
  );
  phone.close();
  expect(document.querySelector("iframe")).toBeNull();
});

test("[S21] title and permissions can be chosen", () => {
  const phone = open({ url, container: document.body, title: "Telephone", allow: "microphone" });
  expect([phone.frame.title, phone.frame.getAttribute("allow")]).toEqual(["Telephone", "microphone"]);
  phone.close();
});

test("[S22] a frame that was there is taken and left in its place", () => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const phone = open({ url, frame });
  expect(phone.frame).toBe(frame);
  phone.close();
  expect(frame.isConnected).toBe(true);
});

test("[S23] without a container, or with a URL that is none, it throws and leaves nothing", () => {
  expect(() => open({ url, container: "#nowhere" })).toThrow(TypeError);
  expect(() => open({ url })).toThrow(TypeError);
  expect(() => open({ url: "https://", container: document.body })).toThrow(TypeError);
  expect(document.querySelector("iframe")).toBeNull();
});
