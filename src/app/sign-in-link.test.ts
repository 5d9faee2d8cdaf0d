import { expect, test } from "vitest";
import { takeSignInLink } from "./sign-in-link.ts";

function page(href: string) {
  const replaced: string[] = [];
  const { hash } = new URL(href);
  const history = { state: null, replaceState: (_state: unknown, _title: string, url: string) => void replaced.push(url) };
  const proof = takeSignInLink({ location: { href, hash }, history } as unknown as Window);
  return { proof, replaced };
}

test("[G40] an invitation and a token are taken out of the address, and the rest of it stays", () => {
  expect(page("https://phone.example.com/?host=leadsquared#invitation=abc_-9")).toEqual({
    proof: { invitation: "abc_-9" },
    replaced: ["https://phone.example.com/?host=leadsquared"],
  });
  expect(page("https://phone.example.com/#token=e30.e30.x")).toEqual({
    proof: { token: "e30.e30.x" },
    replaced: ["https://phone.example.com/"],
  });
});

test.each(["https://phone.example.com/", "https://phone.example.com/#calls", "https://phone.example.com/?token=x"])(
  "[G40] %s proves nothing and stays",
  (href) => expect(page(href)).toEqual({ proof: null, replaced: [] }),
);

test("[G40] an empty one proves nothing", () => {
  expect(page("https://phone.example.com/#token=").proof).toBeNull();
});
