/** Evaluate Reward Model…: evaluates a model on a dataset and shows the report in a panel. */
import { basename, extname } from "node:path";
import * as vscode from "vscode";
import { type DatasetPicker, savedFile } from "../dialogs/dataset-picker";
import { back } from "../dialogs/form";
import type { ComparePanel } from "../panels/compare/compare-panel";
import { type Evaluated, EvaluationPanel } from "../panels/evaluation/evaluation-panel";
import { abortedBy } from "../platform/cancellation";
import type { EngineHost } from "../platform/engine/engine-host";
import { type ActiveModel, modelName } from "../platform/models/active-model";
import type { Preferences } from "../platform/settings/preferences";
import type { Evaluation } from "../protocol/evaluation";
import type { EvaluationPage } from "../protocol/panels/evaluation";
import type { RunSettings, StartedMessage } from "../protocol/scoring";
import { type EvaluationReport, evaluationReport } from "../reports/evaluation-report";
import { datasetArgument, modelArgument } from "../views/arguments";
import { namedFields } from "./named-fields";
import { tellFailure } from "./tell";

/** Tokens at the start of a completion that are never called low, because the model has read too little there. */
const skip = 5;
/** Seed of the bootstrap. */
const seed = 1;
/** Datasets that open as text, so that the compare panel can show their rows. */
const textFormats = [".jsonl", ".ndjson", ".json"];

export class Evaluate implements vscode.Disposable {
  readonly #panel: EvaluationPanel;

  constructor(
    extension: vscode.Uri,
    private readonly engine: EngineHost,
    private readonly active: ActiveModel,
    private readonly preferences: Preferences,
    private readonly datasets: DatasetPicker,
    private readonly compare: ComparePanel,
  ) {
    this.#panel = new EvaluationPanel(extension, {
      showMisranked: (evaluated) => this.#showMisranked(evaluated),
      evaluateAgain: (evaluated) => this.run(evaluated),
    });
  }

  dispose(): void {
    this.#panel.dispose();
  }

  /** @param argument argument of the command: a file, a model, or nothing */
  async call(argument: unknown): Promise<void> {
    const file = datasetArgument(argument);
    const dataset = file && (await savedFile(file));
    if (file && dataset === undefined) return;
    await this.run({ dataset, model: modelArgument(argument) });
  }

  /** @param choice model to use instead of the active one, and dataset to use instead of asking for one */
  async run(
    choice: { readonly model?: string | undefined; readonly dataset?: string | undefined } = {},
  ): Promise<void> {
    const model = choice.model ?? this.active.model;
    const name = modelName(model, this.active.defaultFolder);
    const dataset =
      choice.dataset ??
      (await this.datasets.pick({
        title: `Evaluate ${name}`,
        placeholder: "Preference pairs, labeled completions, or solutions in steps",
      }));
    if (dataset === undefined || dataset === back) return;
    const title = `${name} on ${basename(dataset)}`;
    try {
      const { evaluation, started } = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: `Evaluating ${title}`, cancellable: true },
        (progress, token) => this.#ask(model, dataset, progress, token),
      );
      const report = evaluationReport(evaluation, name, basename(dataset));
      const notes = started ? runNotes(started, model, dataset) : [];
      const accuracy = evaluation.pairs?.accuracy.value ?? 1;
      const hasMisranked = accuracy < 1 && textFormats.includes(extname(dataset).toLowerCase());
      this.#panel.show(pageOf(report, notes), { model, dataset }, hasMisranked);
    } catch (error) {
      await tellFailure(this.engine, `evaluating ${title} failed`, error, {
        "Another Dataset…": () => this.run({ model }),
      });
    }
  }

  /** Shows misranked pairs, after switching to the evaluated model because the compare panel uses the active one. */
  async #showMisranked({ model, dataset }: Evaluated): Promise<void> {
    if (model !== this.active.model) {
      const use = "Switch and Show";
      const name = modelName(model, this.active.defaultFolder);
      const text = `Reward Inspector: these pairs are misranked by ${name}, but ${this.active.name} is active.`;
      if ((await vscode.window.showInformationMessage(text, use)) !== use) return;
      await this.preferences.choose({ model });
    }
    await this.compare.showMisranked(vscode.Uri.file(dataset).toString());
  }

  async #ask(
    model: string,
    dataset: string,
    progress: vscode.Progress<{ increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<{ readonly evaluation: Evaluation; readonly started: StartedMessage | undefined }> {
    let started: StartedMessage | undefined;
    let done = 0;
    const { threshold } = this.preferences.chosen;
    const request = {
      ...this.active.request(model),
      ...namedFields(),
      run: `evaluation of ${model} on ${dataset}`,
      dataset,
    };
    const evaluation = await this.engine.client.evaluate(
      { ...request, threshold, skip, seed },
      {
        started: (message) => {
          started = message;
          done = 0;
        },
        progress: ({ fraction }) => {
          progress.report({ increment: 100 * Math.max(0, fraction - done) });
          done = fraction;
        },
        rows: async ({ rows }) => {
          for (const row of rows)
            if ("problem" in row) this.engine.log.warn(`${basename(dataset)}: ${row.problem}`);
        },
      },
      abortedBy(token),
    );
    return { evaluation, started };
  }
}

/** Converts a report to the format of the panel's page. */
function pageOf(report: EvaluationReport, notes: readonly string[]): EvaluationPage {
  const { title, warnings, heading, sections, footing } = report;
  return {
    title,
    warnings: [...warnings],
    heading: [...heading],
    sections: sections.map(({ title, rule, lines, columns }) => ({
      title,
      ...(rule === undefined ? {} : { rule }),
      lines: lines.map(([value, interval, name, meaning]) => [value, interval, name, meaning]),
      ...(columns
        ? { columns: { caption: columns.caption, rows: columns.rows.map((row) => [...row]) } }
        : {}),
    })),
    ...(footing === undefined ? {} : { footing }),
    notes: [...notes],
  };
}

function runNotes(
  { settings, rowFormat, leavesTemplate }: StartedMessage,
  model: string,
  dataset: string,
): string[] {
  const { device, goals, head, rewardToken, notes }: RunSettings = settings;
  return [
    `model: ${model}`,
    `dataset: ${dataset}${rowFormat === undefined ? "" : `, ${rowFormat}`}`,
    `device: ${device}`,
    ...(head === undefined ? [] : [`reward read at: ${rewardToken}`]),
    `goal states: ${goals.length > 0 ? goals.join(", ") : "none"}`,
    ...(leavesTemplate
      ? ["text is scored without the model's chat template; set rewardInspector.chat to apply it"]
      : []),
    ...notes,
  ];
}
