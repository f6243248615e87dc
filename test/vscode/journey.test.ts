/** Tests a user's path: score, train for a few steps while the engine is killed, switch to the result, go back. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemsIn } from "./support/problems";
import { TrainingUser } from "./support/training";
import { pick } from "./support/ui";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing === undefined) workbench = await openWorkbench();
});

afterAll(() => workbench?.stop());

const problems = () => problemsIn(workbench);

const statusItem = (text: string) => workbench.page.locator(".statusbar-item", { hasText: text });

test("a user scores, trains, switches to the new model, and goes back", { timeout: 400_000 }, async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Run Reward Model");
  await expect.poll(async () => (await problems()).length).toBe(8);
  const before = await problems();

  const user = new TrainingUser(workbench);
  await user.toSettings("pairs.jsonl", "All weights");
  await user.set({ Name: "journey", "Maximum steps": "30", Epochs: "100", "Learning rate": "0.003" });
  await user.toEstimate();
  await workbench.screenshot("fine-tune-form");
  await pick(page, "Start Training");

  // After the kill, the run resumes from its last checkpoint.
  await user.note(/Training journey.*step \d+/s);
  execFileSync("pkill", ["-9", "-P", String(await extensionHost()), "-f", "dist/engine.js"]);
  const done = await user.note(/Switch to It/, 200_000);
  await page.locator('.activitybar [aria-label="Reward Inspector"]').first().click();
  await page.locator(".pane-body", { hasText: "journey" }).first().waitFor();
  await workbench.screenshot("views-dark");

  await done.getByText("Switch to It").click();
  await expect.poll(() => statusItem("journey").count()).toBeGreaterThan(0);
  await expect.poll(async () => JSON.stringify(await problems()) !== JSON.stringify(before)).toBe(true);
  await workbench.screenshot("switched-dark");

  await workbench.command("Reward Inspector: Select Reward Model…");
  await pick(page, "comes with Reward Inspector");
  await expect.poll(problems).toEqual(before);
});

/** Returns the id of the engine's parent process. */
function extensionHost(): Promise<number> {
  return workbench.vs(() => process.pid);
}
