import { PhonePanel } from "../support/phone-panel.ts";
import { RawPage } from "../support/raw-page.ts";
import { ELSEWHERE } from "../../src/ui/strings.ts";
import { callThat, expect, test } from "../support/test.ts";

test.beforeEach(async ({ phone, agent }) => {
  await phone.signIn(agent);
  await phone.expectReady();
});

test("a frame whose process crashes is loaded anew: the phone registers again, rings and answers", async ({
  phone,
  agent,
  control,
  page,
}) => {
  const raw = await RawPage.of(page);
  await expect(page.locator("#agent-state")).toHaveText("Ready");
  await page.getByRole("link", { name: "Ravi Kumar" }).click();
  await expect(phone.button(/^Ravi Kumar/)).toBeVisible();
  const reloaded = raw.evaluate(RELOADED_AT);
  const told = raw.evaluate(NEXT_STATE);
  await raw.crash(phone.frame());
  await reloaded;
  expect(await told).toBe("Phone is coming back");
  await expect.poll(() => agentState(raw), { timeout: 15_000 }).toBe("Ready");
  // What is on the CRM's screen is offered for calling again.
  await expect.poll(() => raw.evaluateInFrame(phone.origin, `document.querySelector(".suggestion")?.textContent`)).toMatch(/^Ravi Kumar/);
  const { sid } = await control.ring(agent.user);
  await expect.poll(() => agentState(raw)).toBe("Ringing");
  await expect.poll(() => raw.evaluateInFrame(phone.origin, PRESS_ANSWER)).toBe("pressed");
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
  await expect.poll(() => agentState(raw)).toBe("In a call");
  expect(await raw.evaluate(`document.querySelectorAll("[data-type=connect]").length`)).toBe(2);
  expect(await raw.evaluate(`document.querySelectorAll("[data-type=ping], [data-type=pong]").length`)).toBe(0);
});

test("with a call up, less than two seconds pass from the crash to the reload", async ({ phone, agent, control, page }) => {
  const raw = await RawPage.of(page);
  await control.ring(agent.user);
  await phone.answer();
  await expect(page.locator("#agent-state")).toHaveText("In a call");
  const reloaded = raw.evaluate(RELOADED_AT);
  const crashedAt = Date.now();
  await raw.crash(phone.frame());
  expect(Number(await reloaded) - crashedAt).toBeLessThan(2_000);
  await expect.poll(() => agentState(raw), { timeout: 15_000 }).not.toMatch(/In a call|coming back/);
});

test("frames of one CRM die together, and each tab brings its own back", async ({ phone, agent, sandbox, control, context }) => {
  const page = await context.newPage();
  await page.goto(sandbox.crm);
  const second = new PhonePanel(page, sandbox.phone);
  await expect(second.view.getByRole("img", { name: ELSEWHERE })).toBeVisible();
  const tabs = [await RawPage.of(phone.page), await RawPage.of(page)];
  const reloads = tabs.map((tab) => tab.evaluate(RELOADED_AT));
  await tabs[0]?.crash(phone.frame());
  await Promise.all(reloads);
  // Which of them leads then is open; that one of them rings is not.
  const states = () => Promise.all(tabs.map(agentState));
  await expect.poll(states, { timeout: 15_000 }).toEqual(["Ready", "Ready"]);
  await control.ring(agent.user);
  await expect.poll(states).toContain("Ringing");
});

test("a page that is busy for seconds does not take its phone for dead", async ({ phone, page }) => {
  await phone.frame().evaluate(() => void (document.documentElement.dataset["mark"] = "same"));
  for (let i = 0; i < 2; i += 1) {
    await page.evaluate(() => {
      const until = Date.now() + 4_000;
      while (Date.now() < until);
    });
  }
  expect(await phone.frame().evaluate(() => document.documentElement.dataset["mark"])).toBe("same");
  await phone.expectReady();
});

function agentState(page: RawPage): Promise<unknown> {
  return page.evaluate(`document.getElementById("agent-state").textContent`);
}

/** What the page says of the phone next, however short it says so. */
const NEXT_STATE = `new Promise((resolve) => {
  const state = document.getElementById("agent-state");
  new MutationObserver(() => resolve(state.textContent)).observe(state, { childList: true, characterData: true, subtree: true });
})`;
const PRESS_ANSWER = `(() => {
  const answer = [...document.querySelectorAll("button")].find((button) => button.textContent.trim().startsWith("Answer"));
  answer?.click();
  return answer ? "pressed" : "no button";
})()`;

/** Epoch ms at which the page sets the frame's address anew. */
const RELOADED_AT = `new Promise((resolve) => {
  new MutationObserver(() => resolve(Date.now())).observe(document.querySelector("iframe"), { attributeFilter: ["src"] });
})`;
