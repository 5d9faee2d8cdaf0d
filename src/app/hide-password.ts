import type { Engine } from "../core/engine-port.ts";

/**
 * The log is told a password before the engine is: neither a vendor's message nor an error of the browser can then bring
 * it there, whoever signed in and whether or not the account is kept.
 */
export function hidePassword(engine: Engine, hide: (secret: string) => void): Engine {
  const register = engine.register.bind(engine);
  const resume = engine.resume.bind(engine);
  return Object.assign(engine, {
    register(account: Parameters<Engine["register"]>[0]) {
      hide(account.password);
      return register(account);
    },
    resume(...[account, legs]: Parameters<Engine["resume"]>) {
      hide(account.password);
      return resume(account, legs);
    },
  });
}
