/** Tests the lifecycle of a run: pause, resume and end in one window, and resume after a reload. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { thousandths } from "../../extension/reports/quantities";
import { sums, TrainingUser } from "./support/training";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;
let user: TrainingUser;

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench({ workspaceFiles: { "sums.jsonl": sums } });
  user = new TrainingUser(workbench);
});

afterAll(() => workbench?.stop());

const upTo = (steps: number): number[] => Array.from({ length: steps }, (_, i) => i + 1);

async function stepNumbers(run: string): Promise<number[]> {
  return (await user.steps(run)).map(({ step }) => step);
}

/** Waits until the run has continued after a step. */
async function goesOnBehind(run: string, step: number): Promise<void> {
  await expect.poll(async () => (await stepNumbers(run)).at(-1)).toBeGreaterThan(step);
}

test("a run is paused, resumed and ended from the Runs view and from notifications", {
  timeout: 300_000,
}, async ({ skip }) => {
  skip(missing !== undefined, missing);
  await user.toSettings("sums.jsonl", "Reward head alone");
  await user.set({ Name: "long", Epochs: "1000000" });
  await user.start();
  await user.showRuns();

  const progress = await user.note(
    /Training long: step \d+\/1000000 · .+ left · loss [\d.]+ · accuracy ~[\d.]+%/,
  );
  const [, step, loss] = /step (\d+)\/.* loss ([\d.]+)/.exec((await progress.textContent()) ?? "") ?? [];
  const told = (await user.steps("long")).find((row) => row.step === Number(step));
  expect(loss).toBe(thousandths(told?.loss ?? Number.NaN));
  await user.line(/long.*step \d+\/1000000 · loss [\d.]+ · accuracy/).click();
  await user.line(/Ranking loss[\d.]+/).waitFor();
  await user.pictures("training");

  await user.press("long", "Pause Training");
  await user.note(/Training long is paused after step \d+ of 1000000; you can resume it\./);
  const paused = await user.record("long");
  expect(paused.status).toBe("paused");
  expect(await stepNumbers("long")).toEqual(upTo(paused.step));
  await user.line(/long.*paused · step/).waitFor();

  await user.press("long", "Resume Training");
  await goesOnBehind("long", paused.step);
  await (await user.note(/Training long: step/)).getByText("Cancel").click();
  await expect.poll(async () => (await user.record("long")).status).toBe("paused");
  const canceled = await user.record("long");
  const again = await user.note(new RegExp(`Training long is paused after step ${canceled.step} of`));
  await again.getByText("Resume", { exact: true }).click();
  await goesOnBehind("long", canceled.step);

  await user.line(/longstep/).waitFor();
  await user.choose("long", "End Training and Keep the Model");
  await user.note(/long is trained, ended after \d+ steps[.:]/);
  const ended = await user.record("long");
  expect(ended.status).toBe("stopped");
  expect(await stepNumbers("long")).toEqual(upTo(ended.step));
  await access(join(user.folder("long"), "model/model.safetensors"));
  await workbench.screenshot("ended-dark");
  await user.press("long", "Open Model Card");
  await workbench.webview().getByRole("heading", { name: "long", exact: true }).waitFor();
  await workbench.screenshot("model-card-dark");
  await user.press("long", "Use This Model");
  const models = workbench.page.locator(".pane .monaco-list-row");
  await models.filter({ hasText: /long.*active/ }).waitFor();
});

test("a run interrupted by closing its window can be resumed from a notification", {
  timeout: 300_000,
}, async ({ skip }) => {
  skip(missing !== undefined, missing);
  await user.toSettings("sums.jsonl", "All weights");
  await user.set({ Name: "reloaded", Epochs: "120" });
  await user.start();
  await user.note(/Training reloaded: step \d+\/120/);
  // A checkpoint is written after every 20th step.
  await expect.poll(async () => (await user.record("reloaded")).step).toBeGreaterThan(0);
  await workbench.reload();
  const offer = await user.note(
    /Training reloaded was interrupted when its window closed; it can resume from step \d+ of 120/,
  );
  const { status, step } = await user.record("reloaded");
  expect(status).toBe("running");
  expect(await offer.textContent()).toContain(`from step ${step} of 120`);
  await user.showRuns();
  await user.line(/reloaded.*interrupted/).waitFor();
  await workbench.screenshot("interrupted-dark");
  await offer.getByText("Resume", { exact: true }).click();
  await user.note(/reloaded is trained[.:]/, 200_000);
  expect(await user.record("reloaded")).toMatchObject({ status: "finished", step: 120 });
  expect(await stepNumbers("reloaded")).toEqual(upTo(120));
});
