/** Shows rewards and margin above every row, with a link to the comparison. */
import * as vscode from "vscode";
import { problemText } from "../../platform/error-wording";
import { readSetting, settingName } from "../../platform/settings/settings";
import { Soon } from "../../platform/soon";
import type { Reader } from "../scores/reader";
import type { RowEntry, ScoredEntry } from "../scores/scored-document";
import type { ScoredDocuments } from "../scores/scored-documents";
import type { DocumentView, DocumentViews } from "./document-views";
import { commandIds, rowArguments } from "./row-commands";
import { rowTitle, takenTexts, warningLens, warningTexts } from "./row-wording";
import { ScoredProviders } from "./scored-providers";
import { rowProblem } from "./shading/shades";

/** Milliseconds. */
const delay = 100;

export class CodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #soon = new Soon(delay, () => this.#tell());
  /** Text of all visible lenses. VS Code asks again after every event and drops the request in progress. */
  #said = "";
  readonly #disposables: vscode.Disposable[];

  constructor(
    private readonly views: DocumentViews,
    private readonly documents: ScoredDocuments,
    private readonly reader: Reader,
  ) {
    const ask = (): void => this.#soon.ask();
    this.#disposables = [
      views.onDidChange(ask),
      views.onDidClose(ask),
      documents.onDidChangeActivity(ask),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settingName(event).includes("codeLens")) ask();
      }),
      new ScoredProviders(documents, (selector) => vscode.languages.registerCodeLensProvider(selector, this)),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const view = this.views.get(document);
    return view && readSetting("codeLens") ? this.#lenses(view) : [];
  }

  dispose(): void {
    this.#soon.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
  }

  #tell(): void {
    const shown = new Set(vscode.window.visibleTextEditors.map(({ document }) => document));
    const said = JSON.stringify([
      readSetting("codeLens"),
      ...this.views
        .all()
        .filter(({ document }) => shown.has(document))
        .flatMap((view) => [
          view.document.uri.toString(),
          ...this.#lenses(view).map(({ range, command }) => [range.start.line, command?.title]),
        ]),
    ]);
    if (said === this.#said) return;
    this.#said = said;
    this.#changed.fire();
  }

  #lenses({ document, entries }: DocumentView): vscode.CodeLens[] {
    return entries.flatMap((entry) => this.#lensesOf(document, entry));
  }

  #lensesOf(document: vscode.TextDocument, entry: RowEntry): vscode.CodeLens[] {
    const { start } = entry.region;
    const { line } = document.positionAt(start);
    const range = new vscode.Range(line, 0, line, 0);
    const label = (title: string): vscode.CodeLens => new vscode.CodeLens(range, { title, command: "" });
    const problem = rowProblem(entry);
    if (problem !== undefined) return [label(plain(`⚠ ${problem}`))];
    // A waiting row keeps its lens, or the text would jump at every key press.
    if (entry.kind !== "scored") return [label(plain(this.#waiting()))];
    const compare = {
      title: entry.row.scores.length === 1 ? "Inspect" : "Compare",
      tooltip: "Show this row token by token",
      command: commandIds.compare,
      arguments: [...rowArguments(document, start)],
    };
    const { taken, doubts = [] } = entry.region;
    const warning = warningLens(warningTexts(entry.row.scores));
    return [
      label(this.#title(entry)),
      ...doubts.map((text) => label(plain(`⚠ ${text}`))),
      ...(taken ? [new vscode.CodeLens(range, { ...takenTexts(taken), command: "" })] : []),
      ...(warning
        ? [new vscode.CodeLens(range, { ...warning, title: plain(warning.title), command: "" })]
        : []),
      new vscode.CodeLens(range, compare),
    ];
  }

  #waiting(): string {
    const { isScoring, failure } = this.documents;
    if (isScoring) return "scoring…";
    return failure === undefined ? "not scored yet" : `⚠ not scored: ${problemText(failure)}`;
  }

  #title({ row, completions }: ScoredEntry): string {
    const [first] = completions;
    const goal = first && this.reader.goalOf(first.score);
    return rowTitle(row.scores, { goal, rewardQuantiles: this.reader.rewardQuantiles });
  }
}

/** Keeps `$(name)` from becoming an icon. */
function plain(text: string): string {
  return text.replaceAll("$(", "$ (");
}
