/** Spans of low tokens in the Problems panel, where F8 goes from one to the next. They stay when shading is off. */
import * as vscode from "vscode";
import type { Preferences } from "../../platform/preferences";
import { readSetting, settingName } from "../../platform/settings";
import { Soon } from "../../platform/soon";
import { rangeIn } from "../scores/scored-document";
import type { DocumentView, DocumentViews } from "./document-views";
import { lowSpanMessage } from "./low-spans";

export const diagnosticSource = "Reward Inspector";
/** Milliseconds. */
const delay = 200;

export class LowSpanProblems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("rewardInspector");
  readonly #soon = new Soon(delay, () => this.#update());
  readonly #disposables: vscode.Disposable[];

  constructor(
    private readonly views: DocumentViews,
    private readonly preferences: Preferences,
  ) {
    const ask = (): void => this.#soon.ask();
    this.#disposables = [
      views.onDidChange(ask),
      views.onDidClose((document) => this.#collection.delete(document.uri)),
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
      for (const view of this.views.all()) this.#collection.set(view.document.uri, this.#diagnosticsOf(view));
  }

  #diagnosticsOf({ document, lowSpans }: DocumentView): vscode.Diagnostic[] {
    const { metric } = this.preferences.chosen;
    return lowSpans.map((placed) => {
      const message = lowSpanMessage(placed.run, { metric, ...placed.reading });
      const range = rangeIn(document, placed);
      const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Information);
      diagnostic.source = diagnosticSource;
      diagnostic.code = "low-q";
      return diagnostic;
    });
  }
}
