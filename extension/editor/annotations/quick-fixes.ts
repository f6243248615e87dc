/** Quick fixes of a low span: compare its row, or change the threshold. */
import * as vscode from "vscode";
import type { ScoredDocuments } from "../scores/scored-documents";
import { diagnosticSource } from "./low-span-problems";
import { commandIds, rowArguments } from "./row-commands";
import { ScoredProviders } from "./scored-providers";

export class QuickFixes implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #registration: vscode.Disposable;

  constructor(private readonly documents: ScoredDocuments) {
    this.#registration = new ScoredProviders(documents, (selector) =>
      vscode.languages.registerCodeActionsProvider(selector, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const diagnostics = context.diagnostics.filter(({ source }) => source === diagnosticSource);
    const [first] = diagnostics;
    const scored = this.documents.get(document);
    if (!first || !scored) return [];
    const entry = scored.at(first.range.start);
    const isSingle = entry?.kind === "scored" && entry.completions.length === 1;
    const compare = new vscode.CodeAction(
      isSingle ? "Inspect this completion" : "Compare chosen with rejected",
      vscode.CodeActionKind.QuickFix,
    );
    compare.command = {
      title: compare.title,
      command: commandIds.compare,
      arguments: [...rowArguments(document, document.offsetAt(first.range.start))],
    };
    compare.isPreferred = true;
    const threshold = new vscode.CodeAction("Set the low-Q threshold…", vscode.CodeActionKind.QuickFix);
    threshold.command = { title: threshold.title, command: commandIds.setThreshold };
    for (const action of [compare, threshold]) action.diagnostics = diagnostics;
    return [compare, threshold];
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
