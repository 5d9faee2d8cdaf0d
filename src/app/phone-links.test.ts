import { expect, test, vi } from "vitest";
import { readDialLink } from "../hosts/dial-link.ts";
import { phoneLinks } from "./phone-links.ts";

function frame({ framed = false, knows = true } = {}) {
  const registerProtocolHandler = vi.fn<(scheme: string, url: string) => void>();
  const played = {
    location: { origin: "https://phone.example.com", pathname: "/softphone/", search: "?theme=dark" },
    navigator: knows ? { registerProtocolHandler } : {},
  };
  const self = Object.assign(played, { self: {} as unknown, parent: {} as unknown });
  self.self = self;
  self.parent = framed ? {} : self;
  return { window: self as unknown as Window, registerProtocolHandler };
}

test("[P100] a page of the phone's own can take telephone links, whose number it then finds in its address", () => {
  const { window, registerProtocolHandler } = frame();
  phoneLinks(window)?.();
  expect(registerProtocolHandler).toHaveBeenCalledExactlyOnceWith("tel", "https://phone.example.com/softphone/?dial=%s");
  const opened = (registerProtocolHandler.mock.calls[0]?.[1] ?? "").replace("%s", encodeURIComponent("tel:+91-80-0000-0001"));
  expect(readDialLink(opened)).toEqual({ number: "+91-80-0000-0001", rest: "https://phone.example.com/softphone/" });
});

test("[P100] in a CRM's frame, and where the browser does not know it, it is not offered", () => {
  expect(phoneLinks(frame({ framed: true }).window)).toBeUndefined();
  expect(phoneLinks(frame({ knows: false }).window)).toBeUndefined();
});
