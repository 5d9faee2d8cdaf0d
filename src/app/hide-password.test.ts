import { expect, test } from "vitest";
import { ASHA } from "../core/fakes/ports.ts";
import { createLog } from "../diagnostics/log.ts";
import { FakeEngine } from "../engines/fake/engine.ts";
import { hidePassword } from "./hide-password.ts";

test("[D20] a password that is kept nowhere is hidden from the log all the same, before the engine has it", async () => {
  const log = createLog(() => 0);
  const engine = new FakeEngine();
  const spoken = engine.register.bind(engine);
  engine.register = (account) => {
    log.write("error", "the vendor prints what it is given", { text: `user ${account.user} with ${account.password}` });
    return spoken(account);
  };
  await hidePassword(engine, log.hide).register(ASHA);
  expect(log.text()).toContain(`user ${ASHA.user} with`);
  expect(log.text()).not.toContain(ASHA.password);
  expect(engine.commandsNamed("register")).toHaveLength(1);
});

test("[D20] so is the one of a call that goes on in this page", async () => {
  const log = createLog(() => 0);
  const engine = new FakeEngine();
  await hidePassword(engine, log.hide)
    .resume(ASHA, [])
    .catch(() => undefined);
  log.write("error", "the vendor prints what it was given", { text: ASHA.password });
  expect(log.text()).not.toContain(ASHA.password);
});
