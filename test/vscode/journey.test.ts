/** A user's path: run, look, train for a few steps, with the engine killed on the way, switch to the result, go back. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pick, quickInput } from "./support/ui";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing === undefined) workbench = await openWorkbench();
});

afterAll(() => workbench?.stop());

const problems = (): Promise<readonly string[]> =>
  workbench.vs((vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    return document === undefined
      ? []
      : vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
  });

const statusItem = (text: string) => workbench.page.locator(".statusbar-item", { hasText: text });

const note = (text: RegExp) =>
  workbench.page.locator(".notifications-center .notification-list-item", { hasText: text });

const showNotes = (): Promise<unknown> =>
  workbench.vs((vscode) => vscode.commands.executeCommand("notifications.showList"));

async function setField(label: string, value: string): Promise<void> {
  await pick(workbench.page, label);
  await workbench.page.locator(".quick-input-title", { hasText: label }).waitFor();
  await quickInput(workbench.page).fill(value);
  await workbench.page.keyboard.press("Enter");
  await workbench.page.locator(".quick-input-list", { hasText: "Continue" }).waitFor();
}

test("run, train, switch, and back", { timeout: 400_000 }, async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Lens: Run Reward Model");
  await expect.poll(async () => (await problems()).length).toBe(8);
  const before = await problems();

  await workbench.command("Reward Lens: Fine-Tune Reward Model…");
  await pick(page, "pairs.jsonl");
  await pick(page, "default");
  await pick(page, "Every weight");
  await page.locator(".quick-input-list", { hasText: "Continue" }).waitFor();
  await setField("Name", "journey");
  await setField("Most steps", "30");
  await setField("Epochs", "100");
  await setField("Learning rate", "0.003");
  await pick(page, "Continue");
  await page.locator(".quick-input-list", { hasText: "Start Training" }).waitFor();
  await workbench.screenshot("fine-tune-form");
  await pick(page, "Start Training");

  // Killed on the way, the run goes on from its last checkpoint.
  await showNotes();
  await note(/Training journey.*step \d+/s).waitFor();
  execFileSync("pkill", ["-9", "-P", String(await extensionHost()), "-f", "dist/engine.js"]);
  const done = note(/Switch to It/);
  await done.waitFor({ timeout: 200_000 });
  await page.locator('.activitybar [aria-label="Reward Lens"]').first().click();
  await page.locator(".pane-body", { hasText: "journey" }).first().waitFor();
  await workbench.screenshot("views-dark");

  await done.getByText("Switch to It").click();
  await expect.poll(() => statusItem("journey").count()).toBeGreaterThan(0);
  await expect.poll(async () => JSON.stringify(await problems()) !== JSON.stringify(before)).toBe(true);
  await workbench.screenshot("switched-dark");

  await workbench.command("Reward Lens: Select Reward Model…");
  await pick(page, "comes with Reward Lens");
  await expect.poll(problems).toEqual(before);
});

/** The process that the engine's is a child of. */
function extensionHost(): Promise<number> {
  return workbench.vs(() => process.pid);
}
