import { createMiddleware } from "hono/factory";

/** What every answer of the API carries: it is data about people, not a page, and nobody keeps a copy. */
export const apiHeaders = createMiddleware(async (context, next) => {
  await next();
  const headers: Readonly<Record<string, string>> = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  for (const [name, value] of Object.entries(headers)) if (!context.res.headers.has(name)) context.header(name, value);
});
