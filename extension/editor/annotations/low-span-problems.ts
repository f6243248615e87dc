/** Runs of low tokens in the Problems panel, where F8 goes from one to the next. They stay where shading is off. */
import * as vscode from "vscode";
import type { Preferences } from "../../platform/preferences";
import { readSetting, settingName } from "../../platform/settings";
import { Soon } from "../../platform/soon";
import { entriesNear } from "../scores/near-rows";
import type { Reader } from "../scores/reader";
import { rangeIn, type ScoredDocument } from "../scores/scored-document";
import type { ScoredDocuments } from "../scores/scored-documents";
import { lowRunMessage, placedRuns } from "./low-spans";

export const diagnosticSource = "Reward Inspector";
/** Milliseconds. */
const delay = 200;

export class LowRunDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("rewardInspector");
  readonly #soon = new Soon(delay, () => this.#update());
  readonly #disposables: vscode.Disposable[];

  constructor(
    private readonly documents: ScoredDocuments,
    private readonly reader: Reader,
    private readonly preferences: Preferences,
  ) {
    const ask = (): void => this.#soon.ask();
    this.#disposables = [
      documents.onDidChange(ask),
      documents.onDidClose((document) => this.#collection.delete(document.uri)),
      reader.onDidChange(ask),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (documents.get(textEditor.document)) ask();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settingName(event).includes("diagnostics")) ask();
      }),
      this.#collection,
    ];
  }

  dispose(): void {
    this.#soon.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #update(): void {
    if (!readSetting("diagnostics")) this.#collection.clear();
    else
      for (const scored of this.documents.all())
        this.#collection.set(scored.document.uri, this.#diagnosticsOf(scored));
  }

  #diagnosticsOf(scored: ScoredDocument): vscode.Diagnostic[] {
    const { metric } = this.preferences.chosen;
    const runs = placedRuns(entriesNear(scored), (completion) => this.reader.read(completion));
    return runs.map((placed) => {
      const message = lowRunMessage(placed.run, { metric, ...placed.reading });
      const range = rangeIn(scored.document, placed);
      const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Information);
      diagnostic.source = diagnosticSource;
      diagnostic.code = "low-q";
      return diagnostic;
    });
  }
}
