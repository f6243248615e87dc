/** Tests making and using goal states of the default model, which is copied first, and of a workspace model. */
import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Theme } from "../../build/workbench/settings";
import { problemsIn } from "./support/problems";
import { pick, quickInput } from "./support/ui";
import { asked, fromMenu, line, note, openViews, setTheme, view } from "./support/views";
import { defaultModel, missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench();
  await cp(defaultModel(), join(workbench.workspace, "my-model"), { recursive: true });
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Run Reward Model");
  await openViews(workbench.page);
});

afterAll(() => workbench?.stop());

const problems = () => problemsIn(workbench);

/** Returns the paragraphs of the hover on the first token of the first completion. */
const hover = (): Promise<readonly string[]> =>
  workbench.vs(async (vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined) return [];
    const hovers = await vscode.commands.executeCommand<{ contents: { value: string }[] }[]>(
      "vscode.executeHoverProvider",
      document.uri,
      new vscode.Position(0, document.lineAt(0).text.indexOf("Step 1") + 1),
    );
    return hovers.flatMap(({ contents }) => contents.flatMap(({ value }) => value.split("\n\n")));
  });

const goal = (name: string) => line(workbench.page, "Goal States", name);
const model = (name: string) => line(workbench.page, "Models", name);
const inUse = (name: string): Promise<void> => goal(name).getByText("in use").waitFor();
/** Returns the goal states that the problems name. */
const goalsOfProblems = async (): Promise<readonly string[]> => [
  ...new Set((await problems()).map(({ message }) => /goal ([\w-]+)/.exec(message)?.[1] ?? "none")),
];

test("the default model is copied, and the copy's new goal state is not used until it is chosen", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await expect.poll(async () => (await problems()).length).toBe(8);
  const before = await problems();
  await inUse("preferred");
  await workbench.command("Reward Inspector: Compute Goal State from This Dataset");
  await asked(page, "Copy the Model");
  await workbench.screenshot("goals-copy");
  await pick(page, "Copy the Model");
  await asked(page, "Name of the goal state");
  expect(await quickInput(page).inputValue()).toBe("preferred-2");
  await quickInput(page).fill("fresh");
  await page.keyboard.press("Enter");
  await pick(page, "Mean of one random token per completion");
  await note(workbench, "computed goal state fresh from 8 preferred completions");
  await model("default-copy").getByText("active · added").waitFor();
  await goal("fresh").waitFor();
  await inUse("preferred");
  await expect.poll(problems).toEqual(before);
  expect(await readdir(join(defaultModel(), "goal_states"))).toEqual(["preferred.safetensors"]);

  await workbench.command("Reward Inspector: Select Goal State…");
  await asked(page, "Select Goal State of default-copy");
  await pick(page, "fresh");
  await inUse("fresh");
  await expect.poll(goalsOfProblems).toEqual(["fresh"]);
  expect((await hover())[1]).toMatch(/^Q for fresh: \*\*0\.\d\d\*\*$/);

  await goal("preferred").hover();
  await goal("preferred").getByRole("button", { name: "Use This Goal State" }).click();
  await expect.poll(problems).toEqual(before);
  expect((await hover())[1]).toMatch(/^Q for preferred: \*\*0\.\d\d\*\*$/);
});

test("the goal state of a workspace model is saved in the model's folder", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await fromMenu(page, model("my-model"), "Use This Model");
  await model("my-model").getByText("active · in the workspace").waitFor();
  await workbench.command("Reward Inspector: Compute Goal State from This Dataset");
  await asked(page, "Name of the goal state");
  await quickInput(page).fill("a b");
  await asked(page, "Use letters, digits, '.', '_' and '-'.");
  await quickInput(page).fill("preferred");
  await asked(page, "This replaces the model's goal state");
  await workbench.screenshot("goals-name-taken");
  await quickInput(page).fill("centers");
  await page.keyboard.press("Enter");
  await asked(page, "Centers of the last tokens (k-means)");
  await workbench.screenshot("goals-strategy");
  await pick(page, "Centers of the last tokens (k-means)");
  const done = await note(workbench, "computed goal state centers from 8 preferred completions");
  const files = await readdir(join(workbench.workspace, "my-model/goal_states"));
  expect(files.sort()).toEqual(["centers.safetensors", "preferred.safetensors"]);
  await done.getByText("Use It").click();
  await inUse("centers");
  await expect.poll(goalsOfProblems).toEqual(["centers"]);
  await goal("centers").hover();
  await page
    .locator(".monaco-hover", { hasText: "Preferred completions" })
    .filter({ visible: true })
    .waitFor();
  await workbench.screenshot("goals-tooltip");
});

test("a model without a goal state says so and offers to compute one", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  const models = view(page, "Models");
  const goals = view(page, "Goal States");
  await rm(join(workbench.workspace, "my-model/goal_states"), { recursive: true });
  await models.hover();
  await models.getByRole("button", { name: "Refresh" }).click();
  await goals.getByText("This model has no goal state yet").waitFor();
  await expect.poll(problems).toEqual([]);
  await workbench.command("Reward Inspector: Select Goal State…");
  await note(workbench, "my-model has no goal state yet, so it has no Q-values");
  for (const theme of ["light", "high-contrast", "dark"] satisfies Theme[]) {
    await setTheme(workbench, theme);
    await workbench.screenshot(`goals-none-${theme}`);
  }
  // A JSON file that is not a dataset is not used as one: the command asks for a dataset.
  await workbench.openFile("my-model/config.json");
  await goals.locator(".welcome-view-content").getByRole("button").click();
  await pick(page, "pairs.jsonl");
  await asked(page, "Name of the goal state");
  expect(await quickInput(page).inputValue()).toBe("preferred");
  await page.keyboard.press("Enter");
  await pick(page, "Mean of the last tokens");
  await inUse("preferred");
  await workbench.openFile("pairs.jsonl");
  await expect.poll(async () => (await problems()).length).toBe(8);
});
