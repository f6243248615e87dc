/** Rewards and margin over every row, with a way to the comparison. */
import * as vscode from "vscode";
import { problemText } from "../../platform/error-wording";
import { readSetting, settingName } from "../../platform/settings";
import { Soon } from "../../platform/soon";
import { entriesNear } from "../scores/near-rows";
import type { Reader } from "../scores/reader";
import type { Entry, ScoredEntry } from "../scores/scored-document";
import type { ScoredDocuments } from "../scores/scored-documents";
import { commandIds, rowArguments } from "./row-commands";
import { rowTitle, takenTexts, warningLens, warningTexts } from "./row-wording";
import { problemOf } from "./shading/shades";

/** Milliseconds. */
const delay = 100;

export class CodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #soon = new Soon(delay, () => this.#changed.fire());
  readonly #disposables: vscode.Disposable[];

  constructor(
    private readonly documents: ScoredDocuments,
    private readonly reader: Reader,
  ) {
    const ask = (): void => this.#soon.ask();
    this.#disposables = [
      documents.onDidChange(ask),
      documents.onDidClose(ask),
      documents.onDidChangeActivity(ask),
      reader.onDidChange(ask),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (documents.get(textEditor.document)) ask();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settingName(event).includes("codeLens")) ask();
      }),
      vscode.languages.registerCodeLensProvider("*", this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const scored = this.documents.get(document);
    if (!scored || !readSetting("codeLens")) return [];
    return entriesNear(scored).flatMap((entry) => this.#lensesOf(document, entry));
  }

  dispose(): void {
    this.#soon.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
  }

  #lensesOf(document: vscode.TextDocument, entry: Entry): vscode.CodeLens[] {
    const { start } = entry.region;
    const { line } = document.positionAt(start);
    const range = new vscode.Range(line, 0, line, 0);
    const label = (title: string): vscode.CodeLens => new vscode.CodeLens(range, { title, command: "" });
    const problem = problemOf(entry);
    if (problem !== undefined) return [label(plain(`⚠ ${problem}`))];
    // A row that waits keeps its line, or the text would jump at every key.
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
    const goal = first && this.reader.read(first).goal;
    return rowTitle(row.scores, { goal, rewardQuantiles: this.reader.rewardQuantiles });
  }
}

/** `$(name)` would become an icon. */
function plain(text: string): string {
  return text.replaceAll("$(", "$ (");
}
