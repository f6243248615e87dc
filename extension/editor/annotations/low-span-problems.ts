/** Lists low spans in the Problems panel, so that F8 goes from one to the next. They stay when shading is off. */
import * as vscode from "vscode";
import { count } from "../../display/wording";
import type { Preferences } from "../../platform/settings/preferences";
import { readSetting, settingName } from "../../platform/settings/settings";
import { Soon } from "../../platform/soon";
import { rangeIn } from "../scores/scored-document";
import type { DocumentView, DocumentViews } from "./document-views";
import { lowSpanMessage, type PlacedSpan } from "./low-spans";

export const diagnosticSource = "Reward Inspector";
/** Milliseconds. */
const delay = 200;
/** Low spans of one document that are listed: more would bury the problems of other extensions. */
const mostListed = 100;

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
    const lowestFirst = [...lowSpans].sort((a, b) => a.run.lowest - b.run.lowest);
    // The lowest are listed, in the order of the document.
    const lowest = new Set(lowestFirst.slice(0, mostListed));
    const listed = lowSpans.filter((placed) => lowest.has(placed));
    const [next] = lowestFirst.slice(mostListed);
    const problem = (placed: PlacedSpan, message: string): vscode.Diagnostic => {
      const { Information } = vscode.DiagnosticSeverity;
      const diagnostic = new vscode.Diagnostic(rangeIn(document, placed), message, Information);
      diagnostic.source = diagnosticSource;
      diagnostic.code = "low-q";
      return diagnostic;
    };
    return [
      ...listed.map((placed) => problem(placed, lowSpanMessage(placed.run, { metric, ...placed.reading }))),
      ...(next ? [problem(next, unlistedMessage(lowSpans.length - mostListed))] : []),
    ];
  }
}

function unlistedMessage(spans: number): string {
  return `Not listed: ${count(spans, "more low span")}. The lowest of them is here.`;
}
