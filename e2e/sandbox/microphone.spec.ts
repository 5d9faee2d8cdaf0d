import { ERRORS } from "../../src/ui/strings.ts";
import { chromiumArguments } from "../support/chromium.ts";
import { PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, newAgent, test, watched } from "../support/test.ts";
import type { Sandbox } from "../support/start-sandbox.ts";

/** Three causes that browsers report with two errors, and one of them hides another. */
const CAUSES = ["microphone-missing", "microphone-refused", "microphone-not-delegated"] as const;

test("no microphone: the phone is not ready, the caller is refused, and the agent reads what to plug in", async ({
  playwright,
  sandbox,
}) => {
  const browser = await launch(playwright, { device: false, allowed: true });
  const context = await browser.newContext();
  const troubles = await watched(context);
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  await answeringShows(new PhonePanel(page, sandbox.phone), sandbox, "microphone-missing");
  expect(troubles).toEqual([]);
  await browser.close();
});

test("microphone refused by the agent: the phone is not ready, the caller is refused, and the agent reads how to allow it", async ({
  playwright,
  sandbox,
}) => {
  const browser = await launch(playwright, { device: true, allowed: false });
  const context = await browser.newContext();
  const troubles = await watched(context);
  // Granting one permission rejects all others, the microphone's too.
  await context.grantPermissions(["geolocation"], { origin: sandbox.crm });
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  await answeringShows(new PhonePanel(page, sandbox.phone), sandbox, "microphone-refused");
  expect(troubles).toEqual([]);
  await browser.close();
});

test("microphone not passed on by the CRM: the phone is not ready, the agent reads whom to tell", async ({ page, sandbox }) => {
  await page.goto(`${sandbox.crm}/?allow=none`);
  await answeringShows(new PhonePanel(page, sandbox.phone), sandbox, "microphone-not-delegated");
});

type Playwright = Parameters<Parameters<typeof test>[2]>[0]["playwright"];

function launch(playwright: Playwright, microphone: { device: boolean; allowed: boolean }) {
  const executablePath = process.env["CHROMIUM_PATH"];
  return playwright.chromium.launch({ ...(executablePath ? { executablePath } : {}), args: chromiumArguments(microphone) });
}

async function answeringShows(phone: PhonePanel, sandbox: Sandbox, cause: (typeof CAUSES)[number]): Promise<void> {
  const agent = await newAgent(sandbox);
  await phone.signIn(agent);
  // Said before a call comes, here and in the CRM, and in one place.
  await expect(phone.status).toHaveText("No microphone");
  await expect(phone.text(ERRORS[cause])).toHaveCount(1);
  await expect(phone.page.getByTestId("agent-state")).toHaveText("No microphone");
  const { sid } = await sandbox.control.ring(agent.user);
  await phone.button("Answer").click();
  await expect(phone.text(ERRORS[cause]).first()).toBeVisible();
  for (const other of CAUSES) if (other !== cause) await expect(phone.text(ERRORS[other])).toHaveCount(0);
  const call = await callThat(sandbox.control, sid, (now) => now.endedAt !== null, "the caller is not left ringing");
  expect(call.answeredAt).toBeNull();
}
