import { engineContract } from "../../src/engines/contract.ts";
import { createContractStage, playwrightSuite, sandboxNetwork } from "../support/contract-stage.ts";
import { test } from "../support/test.ts";

const stage = createContractStage();
test.beforeAll(stage.start);
test.beforeEach(({ context, sandbox }) => stage.enter(context, sandboxNetwork(sandbox)));
test.afterAll(stage.stop);

engineContract("exotel", playwrightSuite(test), () => stage.open("exotel"));
