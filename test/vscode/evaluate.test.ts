/** Tests the models that a user can choose from, including broken ones, and the report of an evaluation. */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Theme } from "../../build/workbench/settings";
import type { Evaluation } from "../../extension/protocol/evaluation";
import { cli } from "../support/cli";
import { checkpoint } from "../support/fixture";
import { samples } from "./support/fixture-model";
import { pick, quickInput } from "./support/ui";
import { asked, clearNotes, fromMenu, line, note, openViews, setTheme, view } from "./support/views";
import { defaultModel, missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
const broken = "has no model.safetensors";
let workbench: OpenWorkbench;
/** Folder outside the workspace that contains a model. */
let outside = "";

beforeAll(async () => {
  if (missing !== undefined) return;
  outside = await mkdtemp(join(tmpdir(), "reward-inspector-outside-"));
  await cp(checkpoint, join(outside, "tiny"), { recursive: true });
  await rm(join(outside, "tiny/goal_states"), { recursive: true });
  workbench = await openWorkbench({ settings: { "files.simpleDialog.enable": true } });
  const { workspace } = workbench;
  await cp(defaultModel(), join(workspace, "models/mine"), { recursive: true });
  await cp(defaultModel(), join(workspace, "models/broken"), { recursive: true });
  await rm(join(workspace, "models/broken/model.safetensors"));
  await writeFile(join(workspace, "config.json"), "{}");
  await workbench.openFile("pairs.jsonl");
  await openViews(workbench.page);
});

afterAll(async () => {
  await workbench?.stop();
  if (outside !== "") await rm(outside, { recursive: true, force: true });
});

const model = (name: string) => line(workbench.page, "Models", name);
/** Counts the editor columns. */
const columns = (vscode: typeof import("vscode")): number => vscode.window.tabGroups.all.length;
/** Locates the evaluation panel beside the editor. */
const report = () => workbench.webview().locator(".panel");
/** Waits for a report with this heading; the first takes long because the engine starts and measures its devices. */
const reported = (heading: string): Promise<void> =>
  report().getByRole("heading", { name: heading }).waitFor({ timeout: 100_000 });

test("a report has the same numbers as the command line, in every theme", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.command("Reward Inspector: Evaluate Reward Model…");
  await asked(workbench.page, "Evaluate default");
  await pick(workbench.page, "pairs.jsonl");
  await reported("default on pairs.jsonl");
  const { stdout } = await cli([
    "evaluate",
    join(samples, "pairs.jsonl"),
    "--model",
    defaultModel(),
    "--json",
  ]);
  const { pairs, rewardQuantiles } = JSON.parse(stdout) as Evaluation;
  const { accuracy, margin } = pairs ?? {};
  const [shown, ranges] = [
    await report().locator("table").first().textContent(),
    await report().locator("li").allTextContents(),
  ];
  expect(shown).toContain(`${(100 * (accuracy?.value ?? Number.NaN)).toFixed(1)}%`);
  expect(shown).toContain((margin?.value ?? Number.NaN).toFixed(3));
  expect(shown).toContain(`[${margin?.interval?.low.toFixed(3)}, ${margin?.interval?.high.toFixed(3)}]`);
  expect(ranges.join()).toContain(
    `rewards from ${rewardQuantiles[0]?.toFixed(3)} to ${rewardQuantiles[20]?.toFixed(3)}`,
  );
  for (const theme of ["light", "high-contrast", "dark"] satisfies Theme[]) {
    await setTheme(workbench, theme);
    await workbench.webview().locator(`body.vscode-${theme}`).waitFor();
    await workbench.screenshot(`evaluation-${theme}`);
  }
});

test("models of the workspace are listed, and a broken one shows why it cannot be used", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await model("mine").getByText("in the workspace").waitFor();
  // The config.json of something else is not a model.
  expect(await view(page, "Models").locator(".monaco-list-row").count()).toBe(3);
  // A click only selects.
  await model("mine").click();
  await model("default").getByText("active").waitFor();
  await model("broken").hover();
  await page.locator(".monaco-hover", { hasText: broken }).filter({ visible: true }).waitFor();
  await workbench.screenshot("models-broken-tooltip");
  await fromMenu(workbench.page, model("broken"), "Use This Model");
  await note(workbench, broken);
  await model("default").getByText("active").waitFor();
  await clearNotes(workbench);
  await workbench.command("Reward Inspector: Select Reward Model…");
  await asked(page, "Select Reward Model");
  await pick(page, "broken");
  await asked(page, broken);
  await workbench.screenshot("models-broken-pick");
  await page.keyboard.press("Escape");
});

test("a folder is added, evaluated, used, and removed from the list", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await view(page, "Models").hover();
  await view(page, "Models").getByRole("button", { name: "Add Model Folder…" }).click();
  await asked(page, "Add This Model");
  await asked(page, "models");
  await quickInput(page).fill(join(outside, "tiny/"));
  await expect.poll(() => page.locator(".quick-input-list").getByText("models").isVisible()).toBe(false);
  // The dialog ignores clicks while it reads the folder.
  const add = page.locator(".quick-input-widget").getByText("Add This Model");
  await expect
    .poll(async () => {
      if (await add.isVisible()) await add.click({ timeout: 1000 }).catch(() => undefined);
      return add.isVisible();
    })
    .toBe(false);
  await model("tiny").getByText("added").waitFor();
  await fromMenu(page, model("tiny"), "Evaluate Reward Model…");
  await asked(page, "Evaluate tiny");
  await pick(page, "samples.jsonl");
  await reported("tiny on samples.jsonl");
  expect(await workbench.vs(columns)).toBe(2);
  await workbench.screenshot("evaluation-labels");

  await fromMenu(page, model("tiny"), "Open Its Folder");
  await note(workbench, join(outside, "tiny"));
  await fromMenu(page, model("tiny"), "Use This Model");
  await model("tiny").getByText("active · added").waitFor();
  await fromMenu(page, model("tiny"), "Remove from the List");
  await model("tiny").getByText("active · chosen by name").waitFor();
  await fromMenu(workbench.page, model("default"), "Use This Model");
  await model("default").getByText("active").waitFor();
  await expect.poll(() => model("tiny").count()).toBe(0);
});

test("a deleted model is reported in the views and in the picker", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await fromMenu(workbench.page, model("mine"), "Use This Model");
  await model("mine").getByText("active").waitFor();
  await rm(join(workbench.workspace, "models/mine"), { recursive: true });
  await view(page, "Models").hover();
  await view(page, "Models").getByRole("button", { name: "Refresh" }).click();
  await model("mine").getByText("active · chosen by name").waitFor();
  await view(page, "Goal States").getByText("there is no such model folder").waitFor();
  await workbench.screenshot("models-gone");
  await workbench.command("Reward Inspector: Select Reward Model…");
  await asked(page, "Select Reward Model");
  await pick(page, "mine");
  await asked(page, "there is no such model folder");
  await workbench.screenshot("models-gone-pick");
  await pick(page, "comes with Reward Inspector");
  await line(page, "Goal States", "preferred").waitFor();
});
