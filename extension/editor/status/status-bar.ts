/** Shows the model, the device and the reward under the cursor in the status bar while a scored document is active. */
import * as vscode from "vscode";
import { scaleOf } from "../../display/metric";
import { errorText } from "../../platform/error-wording";
import type { ActiveModel } from "../../platform/models/active-model";
import type { ChoiceNotices } from "../../platform/settings/choice-notices";
import type { Preferences } from "../../platform/settings/preferences";
import { Soon } from "../../platform/soon";
import type { Provider } from "../../protocol/models";
import { literal } from "../annotations/literal-markdown";
import { commandIds } from "../annotations/row-commands";
import { cursorText } from "../annotations/row-wording";
import { rowProblem } from "../annotations/shading/shades";
import type { Reader } from "../scores/reader";
import type { RowEntry, ScoredText } from "../scores/scored-document";
import type { ScoredDocuments } from "../scores/scored-documents";
import { legend } from "./legend";

/** Milliseconds; also keeps the spinner from flashing for requests that are answered at once. */
const delay = 60;

export class StatusBar implements vscode.Disposable {
  readonly #model = item("model", "Reward Inspector: model", 103, commandIds.selectModel);
  readonly #device = item("device", "Reward Inspector: device", 102, commandIds.showLog);
  readonly #reward = item("reward", "Reward Inspector: reward", 101, commandIds.compare);
  readonly #soon = new Soon(delay, () => this.#update());
  readonly #listeners: vscode.Disposable[];

  constructor(
    private readonly documents: Pick<
      ScoredDocuments,
      "get" | "isScoring" | "failure" | "settings" | "onDidChange" | "onDidClose" | "onDidChangeActivity"
    >,
    private readonly reader: Pick<Reader, "read" | "options" | "onDidChange">,
    private readonly model: Pick<ActiveModel, "model" | "name" | "onDidChange">,
    private readonly preferences: Pick<Preferences, "chosen">,
    private readonly notices: Pick<ChoiceNotices, keyof ChoiceNotices>,
  ) {
    const ask = (): void => this.#soon.ask();
    this.#listeners = [
      documents.onDidChange(ask),
      documents.onDidClose(ask),
      documents.onDidChangeActivity(ask),
      reader.onDidChange(ask),
      model.onDidChange(ask),
      notices.onDidChange(ask),
      vscode.window.onDidChangeActiveTextEditor(ask),
      vscode.window.onDidChangeActiveColorTheme(ask),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (documents.get(textEditor.document)) ask();
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#soon.dispose();
    for (const shown of [this.#model, this.#device, this.#reward]) shown.dispose();
  }

  #update(): void {
    const editor = vscode.window.activeTextEditor;
    const scored = editor && this.documents.get(editor.document);
    if (!editor || !scored) {
      for (const shown of [this.#model, this.#device, this.#reward]) shown.hide();
      return;
    }
    const offset = editor.document.offsetAt(editor.selection.active);
    const entry = scored.at(editor.selection.active);
    this.#showModel();
    this.#showDevice(this.#legend(entry));
    this.#showReward(entry, offset);
  }

  #showModel(): void {
    const { name, model } = this.model;
    const { failure, isScoring } = this.documents;
    const problems = this.notices.problems;
    const hasFailed = failure !== undefined;
    const sign = hasFailed ? "$(error)" : problems.length > 0 ? "$(warning)" : "$(symbol-color)";
    this.#model.text = `${isScoring ? "$(sync~spin)" : sign} ${plain(name)}`;
    this.#model.tooltip = new vscode.MarkdownString(
      [
        `Reward model: ${literal(model)}`,
        ...(hasFailed ? [`Not scored: ${literal(errorText(failure))}`] : []),
        ...problems.map((problem) => literal(problem)),
        "Click to select another.",
      ].join("\n\n"),
    );
    this.#model.backgroundColor = hasFailed
      ? new vscode.ThemeColor("statusBarItem.errorBackground")
      : undefined;
    const state = hasFailed ? ", cannot be used" : isScoring ? ", scoring" : "";
    this.#model.accessibilityInformation = {
      label: [`Reward model ${name}${state}`, ...problems].join(". "),
    };
    this.#model.show();
  }

  #showDevice(legendText: string): void {
    const { settings } = this.documents;
    if (!settings) {
      this.#device.hide();
      return;
    }
    this.#device.text = deviceNames[settings.device];
    const notes = settings.notes.map((note) => `- ${literal(note)}`).join("\n");
    this.#device.tooltip = withHtml([
      `Scored on ${deviceNames[settings.device]}.`,
      ...(notes === "" ? [] : [notes]),
      legendText,
      "Click for the engine's log.",
    ]);
    this.#device.show();
  }

  #showReward(entry: RowEntry | undefined, offset: number): void {
    const problem = entry && rowProblem(entry);
    const completion = entry?.kind === "scored" ? completionAt(entry.completions, offset) : undefined;
    if (entry?.kind === "scored" && completion) {
      const { goal } = this.reader.read(completion);
      this.#reward.text = cursorText(entry.row.scores, completion.score, goal);
      this.#reward.tooltip = withHtml([this.#legend(entry), "Click to see this row token by token."]);
      this.#reward.show();
    } else if (problem !== undefined) {
      this.#reward.text = "$(warning) no score";
      this.#reward.tooltip = new vscode.MarkdownString(literal(problem));
      this.#reward.show();
    } else this.#reward.hide();
  }

  #legend(entry: RowEntry | undefined): string {
    const goals =
      entry?.kind === "scored"
        ? Object.keys(entry.row.scores[0]?.q ?? {})
        : (this.documents.settings?.goals ?? []);
    const {
      metric,
      granularity,
      threshold,
      scale: colors,
      goal,
      rewardQuantiles,
    } = this.reader.options(goals);
    const { shading } = this.preferences.chosen;
    const scale = scaleOf(metric, threshold, rewardQuantiles);
    return legend({ metric, granularity, shading, scale, colors, goal, isHighContrast: isHighContrast() });
  }
}

function isHighContrast(): boolean {
  const { HighContrast, HighContrastLight } = vscode.ColorThemeKind;
  return [HighContrast, HighContrastLight].includes(vscode.window.activeColorTheme.kind);
}

const deviceNames: Readonly<Record<Provider, string>> = {
  cpu: "CPU",
  webgpu: "WebGPU",
  cuda: "CUDA",
  dml: "DirectML",
  coreml: "Core ML",
};

function item(id: string, name: string, priority: number, command: string): vscode.StatusBarItem {
  const made = vscode.window.createStatusBarItem(
    `rewardInspector.${id}`,
    vscode.StatusBarAlignment.Right,
    priority,
  );
  made.name = name;
  made.command = command;
  return made;
}

/** Returns the completion at the offset, or the first of the row. */
function completionAt(completions: readonly ScoredText[], offset: number): ScoredText | undefined {
  const at = completions.find((completion) =>
    completion
      .rangesOf({ start: 0, end: completion.text.length })
      .some(({ start, end }) => start <= offset && offset <= end),
  );
  return at ?? completions[0];
}

function withHtml(paragraphs: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(paragraphs.join("\n\n"));
  text.supportHtml = true;
  return text;
}

/** Keeps `$(name)` from becoming an icon. */
function plain(text: string): string {
  return text.replaceAll("$(", "$ (");
}
