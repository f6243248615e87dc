/** Evaluate Reward Model…: a model on a dataset, told as a document beside the editor. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { type DatasetPicker, savedFile } from "../dialogs/dataset-picker";
import { back } from "../dialogs/form";
import type { Evaluation } from "../engine/evaluation/evaluate";
import type { RunSettings, StartedMessage } from "../engine/protocol";
import { type ActiveModel, modelName } from "../platform/active-model";
import { abortedBy } from "../platform/cancellation";
import type { EngineHost } from "../platform/engine-host";
import type { Preferences } from "../platform/preferences";
import { evaluationMarkdown } from "../reports/evaluation-markdown";
import { evaluationReport } from "../reports/evaluation-report";
import { datasetArgument, modelArgument } from "../views/arguments";
import type { ReportDocuments } from "./report-documents";
import { tellFailure } from "./tell";

/** Tokens at the start of a completion that are never called low: they have little to go by. */
const skip = 5;
/** Of the bootstrap. */
const seed = 1;

export class Evaluate {
  constructor(
    private readonly engine: EngineHost,
    private readonly active: ActiveModel,
    private readonly preferences: Preferences,
    private readonly datasets: DatasetPicker,
    private readonly documents: ReportDocuments,
  ) {}

  /** @param argument of the command: a file, a model, or nothing */
  async call(argument: unknown): Promise<void> {
    const file = datasetArgument(argument);
    const dataset = file && (await savedFile(file));
    if (file && dataset === undefined) return;
    await this.run({ dataset, model: modelArgument(argument) });
  }

  /** @param choice model: in place of the active one; dataset: in place of one that is asked for */
  async run(
    choice: { readonly model?: string | undefined; readonly dataset?: string | undefined } = {},
  ): Promise<void> {
    const model = choice.model ?? this.active.model;
    const name = modelName(model, this.active.defaultFolder);
    const dataset =
      choice.dataset ??
      (await this.datasets.pick({
        title: `Evaluate ${name}`,
        placeholder: "Preference pairs, completions that are labeled, or solutions in steps",
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
      await this.documents.show(title, evaluationMarkdown(report, notes));
    } catch (error) {
      await tellFailure(this.engine, `evaluating ${title} failed`, error, {
        "Another Dataset…": () => this.run({ model }),
      });
    }
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
    const request = { ...this.active.request(model), run: `evaluation of ${model} on ${dataset}`, dataset };
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

function runNotes(
  { settings, shape, leavesTemplate }: StartedMessage,
  model: string,
  dataset: string,
): string[] {
  const { device, goals, notes }: RunSettings = settings;
  return [
    `model: ${model}`,
    `dataset: ${dataset}${shape === undefined ? "" : `, ${shape}`}`,
    `device: ${device}`,
    `goal states: ${goals.length > 0 ? goals.join(", ") : "none"}`,
    ...(leavesTemplate
      ? [
          "text is scored plain; the model has a chat template, which the setting rewardInspector.chat applies",
        ]
      : []),
    ...notes,
  ];
}
