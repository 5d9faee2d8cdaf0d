import { randomBytes } from "node:crypto";
import { engineContract } from "../../src/engines/contract.ts";
import { createContractStage, playwrightSuite } from "../support/contract-stage.ts";
import type { PlayedNetwork } from "../support/engine-contract.ts";
import { FarEnd } from "./far-end.ts";
import { REAL_NETWORK_PASSWORD, type RealNetwork } from "./network.ts";
import { test } from "./test.ts";

const stage = createContractStage();
let farEnds: FarEnd[] = [];
test.beforeAll(stage.start);
test.beforeEach(({ context, network }) => stage.enter(context, kamailio(network)));
test.afterEach(() => {
  for (const far of farEnds) far.close();
  farEnds = [];
});
test.afterAll(stage.stop);

for (const name of ["exotel", "sipjs"] as const) {
  engineContract(name, playwrightSuite(test), () => stage.open(name));
}

function kamailio({ proxy, sipPort }: RealNetwork): PlayedNetwork {
  return {
    newAccount: () => {
      const user = `agent${randomBytes(4).toString("hex")}`;
      return Promise.resolve({ user, password: REAL_NETWORK_PASSWORD, domain: "kamailio.localhost", proxy, displayName: "Asha Rao" });
    },
    ring: async (user) => {
      const far = await FarEnd.open(sipPort);
      farEnds.push(far);
      far.ring(user);
      return { hangUp: () => far.hangUp(), cancel: () => far.cancel(), isOver: () => far.state === "over" };
    },
    trail: () => farEnds.flatMap(({ trail }, index) => trail.map((line) => `call ${index + 1}: ${line}`)).join("\n"),
  };
}
