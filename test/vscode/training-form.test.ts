/** Tests the form of Fine-Tune Reward Model…: canceling, going back, invalid input, and valid input. */
import { access, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sums, TrainingUser } from "./support/training";
import { pick, quickInput } from "./support/ui";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;
let user: TrainingUser;

/** A file is at the default path of runs, and one folder already has the name of a run. */
const files = {
  "sums.jsonl": sums,
  "prompts.jsonl": '{"prompt":"1 + 1 ="}\n{"prompt":"1 + 2 ="}\n',
  runs: "",
  "elsewhere/taken/notes.txt": "",
};

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench({
    workspaceFiles: files,
    settings: { "files.simpleDialog.enable": true },
  });
  user = new TrainingUser(workbench);
});

afterAll(() => workbench?.stop());

async function giveUp(): Promise<void> {
  await workbench.page.keyboard.press("Escape");
  await workbench.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

/** Locates the validation message of the input box. */
const said = () => workbench.page.locator(".quick-input-message");

/** Opens VS Code's simple file dialog, which starts at the workspace's path. */
async function openDialog(): Promise<void> {
  await pick(workbench.page, "Browse…");
  await expect.poll(() => quickInput(workbench.page).inputValue()).toContain(workbench.workspace);
  await workbench.page.locator(".quick-input-list", { hasText: "sums.jsonl" }).waitFor();
}

test("canceling the form at any step leaves no files behind", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  const steps: readonly (() => Promise<void>)[] = [
    () => user.asked("Preference pairs to train on"),
    () => user.asked("Model to start from"),
    () => user.asked("Choose what to train"),
    () => user.asked("Continue with these settings"),
    () => user.asked("Start training, or change the run"),
  ];
  const answers = ["sums.jsonl", "default", "Reward head alone", "Continue"];
  for (let last = 0; last < steps.length; last++) {
    await workbench.command("Reward Inspector: Fine-Tune Reward Model…");
    for (let step = 0; step <= last; step++) {
      await steps[step]?.();
      const answer = answers[step];
      if (step < last && answer !== undefined) await pick(page, answer);
    }
    await giveUp();
  }
  expect((await readdir(workbench.workspace)).sort()).toEqual(
    ["elsewhere", "prompts.jsonl", "runs", "sums.jsonl"].sort(),
  );
});

test("an invalid number is rejected while it is typed, and changes survive a step back", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await user.toSettings("sums.jsonl", "Reward head alone");
  await user.openField("Learning rate");
  for (const wrong of ["fast", "0", ""]) {
    await quickInput(page).fill(wrong);
    await expect.poll(() => said().textContent()).toBe("It must be a number above 0, such as 2e-4.");
    await page.keyboard.press("Enter");
    expect(await quickInput(page).inputValue()).toBe(wrong);
  }
  await workbench.screenshot("learning-rate-dark");
  await quickInput(page).fill("0.002");
  await page.keyboard.press("Enter");
  await user.asked("Continue with these settings");
  await user.set({ Name: "mine" });
  await page.locator('.quick-input-titlebar .action-label[aria-label^="Back"]').click();
  await user.asked("Choose what to train");
  await pick(page, "Reward head alone");
  await user.asked("Continue with these settings");
  await page.getByText("0.002").waitFor();
  await page.locator(".quick-input-list", { hasText: "mine" }).waitFor();
  await giveUp();
});

test("a run cannot start without pairs: the form says why and offers another dataset", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await user.toSettings("prompts.jsonl", "Reward head alone");
  await user.set({ "Saved in": join(workbench.workspace, "new") });
  await user.toEstimate();
  await page.locator(".quick-input-list", { hasText: "This run cannot start" }).waitFor();
  await workbench.screenshot("no-pairs-dark");
  await pick(page, "Choose Another Dataset");
  await user.asked("Preference pairs to train on");
  await pick(page, "sums.jsonl");
  await user.asked("Model to start from");
  await pick(page, "default");
  await user.asked("Choose what to train");
  await pick(page, "Reward head alone");
  await user.asked("Continue with these settings");
  await page.locator(".quick-input-list", { hasText: "sums-head" }).waitFor();
  await user.toEstimate();
  await page.locator(".quick-input-list", { hasText: "Start Training" }).waitFor();
  await user.pictures("estimate");
  await giveUp();
});

test("any file can be chosen in the dialog, and closing it returns to the list", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  const outside = join(dirname(workbench.workspace), "outside.jsonl");
  await writeFile(outside, sums);
  await workbench.command("Reward Inspector: Fine-Tune Reward Model…");
  await openDialog();
  await workbench.screenshot("browse-dark");
  await page.keyboard.press("Escape");
  await user.asked("Preference pairs to train on");
  await openDialog();
  await quickInput(page).fill(`${dirname(outside)}/`);
  await pick(page, "outside.jsonl");
  await user.asked("Model to start from");
  await pick(page, "default");
  await user.asked("Choose what to train");
  await pick(page, "All weights");
  await page.locator(".quick-input-list", { hasText: "outside-full" }).waitFor();
  await giveUp();
});

test("a folder that cannot contain the run is rejected with the reason, and another is accepted", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  const { page, workspace } = workbench;
  await user.toSettings("sums.jsonl", "Reward head alone");
  await user.toEstimate();
  await page.locator(".quick-input-list", { hasText: `${join(workspace, "runs")} is a file` }).waitFor();
  await pick(page, "Change Settings");
  await user.asked("Continue with these settings");
  await user.set({ Name: "taken", Epochs: "12" });
  await user.openField("Saved in");
  for (const [place, problem] of [
    [join(workspace, "sums.jsonl/runs"), /sums\.jsonl is a file; enter a folder\./],
    [join(workspace, "elsewhere"), /already has a folder called taken/],
    ["runs", /^Enter an absolute path/],
  ] as const) {
    await quickInput(page).fill(place);
    await expect.poll(() => said().textContent()).toMatch(problem);
    await page.keyboard.press("Enter");
    expect(await quickInput(page).inputValue()).toBe(place);
  }
  await workbench.screenshot("refused-place-dark");
  await page.keyboard.press("Escape");
  await user.asked("Continue with these settings");
  await user.set({ Name: "sums", "Saved in": join(workspace, "elsewhere") });
  await user.start();
  await user.note(/sums is trained/);
  await access(join(workspace, "elsewhere/sums/model/model.safetensors"));
  await user.showRuns();
  await user.line(/sums.*finished/).waitFor();
});

test("a failed run shows the reason, and its settings can be changed", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page, workspace } = workbench;
  await user.toSettings("sums.jsonl", "Reward head alone");
  await user.set({
    "Saved in": join(workspace, "elsewhere"),
    Name: "broken",
    Epochs: "100",
    "Learning rate": "1e300",
  });
  await user.start();
  const failed = await user.note(/training broken failed: .*became NaN or infinite.*smaller learning rate/);
  await user.showRuns();
  await user.line(/broken.*failed/).waitFor();
  await workbench.screenshot("failed-dark");
  await failed.getByText("Change Settings…").click();
  await user.asked("Continue with these settings");
  await page.locator(".quick-input-list", { hasText: "broken-2" }).waitFor();
  await workbench.vs((vscode) => vscode.commands.executeCommand("notifications.hideList"));
  await giveUp();
});
