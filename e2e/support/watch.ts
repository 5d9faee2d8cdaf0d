import type { BrowserContext } from "@playwright/test";

/**
 * Everything that must not happen on any page: an uncaught error, an unhandled rejection, a blocked resource or sink
 * (content security policy, Trusted Types). The list grows while the context lives.
 */
export async function watch(context: BrowserContext): Promise<string[]> {
  const troubles: string[] = [];
  context.on("weberror", (error) => troubles.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  await context.exposeBinding("__reportTrouble", (_source, text: string) => {
    troubles.push(text);
  });
  await context.addInitScript(() => {
    const report = (text: string): void => (globalThis as unknown as { __reportTrouble(text: string): void }).__reportTrouble(text);
    const where = location.href.split("?")[0];
    document.addEventListener("securitypolicyviolation", (event) => {
      report(`${where}: ${event.violatedDirective} blocked ${event.blockedURI} ${event.sample} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
  return troubles;
}
