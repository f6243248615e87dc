/** Tests the compare panel in the workbench: it follows the editor and links back to it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { themes } from "../../build/workbench/settings";
import { accessibilityFaults, frameOf } from "../support/accessibility";
import { pick } from "./support/ui";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench();
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Run Reward Model");
  await workbench.command("Reward Inspector: Compare Chosen vs Rejected");
});

afterAll(() => workbench?.stop());

const panel = () => workbench.webview();
const setCursor = (line: number, character: number): Promise<void> =>
  workbench.vs(
    (vscode, at) => {
      const editor = vscode.window.visibleTextEditors[0];
      if (editor) editor.selection = new vscode.Selection(at.line, at.character, at.line, at.character);
    },
    { line, character },
  );
const selected = (): Promise<string> =>
  workbench.vs((vscode) => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document.getText(editor.selection) ?? "";
  });

test("both completions are shown token by token, with the same text as in the file", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const strips = panel().locator(".strip");
  await expect.poll(() => strips.count()).toBe(2);
  const row = await workbench.vs(
    (vscode) => vscode.window.visibleTextEditors[0]?.document.lineAt(0).text ?? "{}",
  );
  const { chosen, rejected } = JSON.parse(row) as { chosen: string; rejected: string };
  for (const [i, text] of [chosen, rejected].entries()) {
    const strip = strips.nth(i);
    await expect.poll(async () => (await strip.textContent())?.startsWith(text)).toBe(true);
    // The text must also be visible: the layout must not collapse the strips.
    expect((await strip.locator(".unit").nth(30).boundingBox())?.height).toBeGreaterThan(10);
  }
  expect(await panel().getByText("ranked correctly").isVisible()).toBe(true);
});

test("a token that is clicked is selected in the editor", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const unit = panel().locator(".strip").nth(1).locator(".unit").nth(2);
  const text = await unit.textContent();
  await unit.click();
  await expect.poll(selected).toBe(text);
});

test("the panel follows the cursor and navigates from pair to pair", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await setCursor(2, 400);
  await panel().getByText("3 / 8").waitFor();
  await panel().getByRole("button", { name: /next/i }).first().click();
  await panel().getByText("4 / 8").waitFor();
});

test("the panel and the editor share their display settings", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await panel().locator("body").press("Home");
  await workbench.command("Reward Inspector: Select What Is Shaded…");
  await pick(workbench.page, "step");
  await expect.poll(() => panel().locator(".strip").first().locator(".unit").count()).toBeLessThan(10);
  await workbench.command("Reward Inspector: Select What Is Shaded…");
  await pick(workbench.page, "word");
  await expect.poll(() => panel().locator(".strip").first().locator(".unit").count()).toBeGreaterThan(20);
});

test("there is no serious accessibility fault in any theme", { timeout: 300_000 }, async ({ skip }) => {
  skip(missing !== undefined, missing);
  for (const [name, theme] of Object.entries(themes)) {
    await workbench.vs(
      (vscode, value) => vscode.workspace.getConfiguration("workbench").update("colorTheme", value, true),
      theme,
    );
    await panel().locator(`body.vscode-${name}`).waitFor();
    await workbench.screenshot(`workbench-compare-${name}`);
    expect(await accessibilityFaults(await frameOf(panel()))).toEqual([]);
  }
});

test("one completion opens in the same panel", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("solution.md");
  await workbench.command("Reward Inspector: Run Reward Model");
  await workbench.command("Reward Inspector: Compare Chosen vs Rejected");
  await expect.poll(() => panel().locator(".strip").count()).toBe(1);
  await expect
    .poll(() => panel().locator(".strip").textContent())
    .toContain("Step 1: Tom keeps 20 / 4 = 5 beads.");
  await workbench.screenshot("workbench-inspect");
});
