/** Fine-tunes as a user does, with the form, the notifications, and the run's item in the Runs view. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { themes } from "../../../build/workbench/settings";
import type { MetricsRow, StepMetrics } from "../../../extension/protocol/metrics";
import type { RunRecord } from "../../../extension/protocol/runs";
import { pick, quickInput } from "./ui";
import { fromMenu } from "./views";
import type { OpenWorkbench } from "./workbench";

/** Eight pairs that are so short that a step is fast. */
export const sums = [1, 2, 3, 4, 5, 6, 7, 8]
  .map((a) => JSON.stringify({ prompt: `${a} + 2 =`, chosen: ` ${a + 2}`, rejected: ` ${a + 3}` }))
  .join("\n");

export class TrainingUser {
  constructor(private readonly workbench: OpenWorkbench) {}

  /** Goes from the command to the list of settings, with the default model. */
  async toSettings(dataset: string, method: string): Promise<void> {
    await this.workbench.command("Reward Inspector: Fine-Tune Reward Model…");
    await pick(this.workbench.page, dataset);
    await pick(this.workbench.page, "default");
    await pick(this.workbench.page, method);
    await this.asked("Continue with these settings");
  }

  /** Changes settings in the list by their labels. */
  async set(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      await this.openField(label);
      await quickInput(this.workbench.page).fill(value);
      await this.workbench.page.keyboard.press("Enter");
      await this.asked("Continue with these settings");
    }
  }

  /** Filters the list by the label, because the list is longer than its visible part. */
  async openField(label: string): Promise<void> {
    await quickInput(this.workbench.page).fill(label);
    await pick(this.workbench.page, label);
    await this.title(label).waitFor();
  }

  /** Goes from the list of settings to the estimate of the run. */
  async toEstimate(): Promise<void> {
    await quickInput(this.workbench.page).fill("Continue");
    await pick(this.workbench.page, "Continue");
    await this.asked("Start training, or change the run");
  }

  async start(): Promise<void> {
    await this.toEstimate();
    await pick(this.workbench.page, "Start Training");
  }

  /** Waits for a list with this placeholder. */
  asked(placeholder: string): Promise<void> {
    return this.workbench.page.getByPlaceholder(placeholder).waitFor();
  }

  title(text: string): Locator {
    return this.workbench.page.locator(".quick-input-title", { hasText: text });
  }

  /**
   * Waits for a notification in the list: pop-ups are hidden in tests, and an empty list closes.
   * @param timeout milliseconds, longer if a run must end first
   */
  async note(text: RegExp, timeout = 60_000): Promise<Locator> {
    const note = this.workbench.page.locator(".notifications-center .notification-list-item", {
      hasText: text,
    });
    const isThere = async () => {
      await this.workbench.vs((vscode) => vscode.commands.executeCommand("notifications.showList"));
      return note.count();
    };
    await expect.poll(isThere, { timeout }).toBeGreaterThan(0);
    return note.first();
  }

  async showRuns(): Promise<void> {
    await this.workbench.vs((vscode) => vscode.commands.executeCommand("rewardInspector.runs.focus"));
  }

  /** Locates an item of the Runs view. */
  line(text: string | RegExp): Locator {
    const runs = this.workbench.page.locator(".pane", {
      has: this.workbench.page.locator('[aria-label^="Runs Section"]'),
    });
    return runs.locator(".monaco-list-row").filter({ hasText: text }).first();
  }

  /** Hovers over a run's item and clicks one of its buttons. */
  async press(run: string, button: string): Promise<void> {
    await this.line(run).hover();
    await this.line(run).locator(`.action-label[aria-label="${button}"]`).click();
  }

  /** Chooses a command from the context menu of a run's item. */
  async choose(run: string, item: string): Promise<void> {
    await fromMenu(this.workbench.page, this.line(run), item);
  }

  folder(run: string): string {
    return join(this.workbench.workspace, "runs", run);
  }

  async record(run: string): Promise<RunRecord> {
    return JSON.parse(await readFile(join(this.folder(run), "run.json"), "utf8"));
  }

  /** Reads the step metrics of a run, in the order they were written. */
  async steps(run: string): Promise<StepMetrics[]> {
    const text = await readFile(join(this.folder(run), "metrics.jsonl"), "utf8");
    const lines = text.split("\n").slice(0, -1);
    return lines.map((line): MetricsRow => JSON.parse(line)).filter((row) => row.kind === "step");
  }

  /** Takes a screenshot in every theme. */
  async pictures(name: string): Promise<void> {
    for (const [theme, label] of [
      ...Object.entries(themes).slice(1),
      ...Object.entries(themes).slice(0, 1),
    ]) {
      await this.workbench.vs(
        (vscode, value) =>
          vscode.workspace
            .getConfiguration("workbench")
            .update("colorTheme", value, vscode.ConfigurationTarget.Global),
        label,
      );
      await this.workbench.screenshot(`${name}-${theme}`);
    }
  }
}
