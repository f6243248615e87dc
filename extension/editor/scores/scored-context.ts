/** Tells menus and keys whether the active editor's file is scored, and the user, once, why scoring fails. */
import * as vscode from "vscode";
import type { EngineHost } from "../../platform/engine-host";
import { errorText } from "../../platform/error-wording";
import type { ScoredDocuments, ScoringFailure } from "./scored-documents";

export const isScoredKey = "rewardInspector.isScored";

export class ScoredContext implements vscode.Disposable {
  readonly #listeners: vscode.Disposable[];
  #isScored: boolean | undefined;
  /** The last problem that was told: scrolling asks again and again. */
  #told: string | undefined;

  constructor(
    private readonly documents: ScoredDocuments,
    private readonly engine: EngineHost,
    private readonly tell: (problem: string, error: unknown) => void,
  ) {
    this.#listeners = [
      documents.onDidChange(() => this.#update()),
      documents.onDidClose(() => this.#update()),
      documents.onDidFail((failure) => this.#fail(failure)),
      documents.onDidChangeActivity(() => {
        if (!documents.isScoring && documents.settings) this.#told = undefined;
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#update()),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }

  #update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const isScored = document !== undefined && this.documents.get(document) !== undefined;
    if (isScored === this.#isScored) return;
    this.#isScored = isScored;
    void vscode.commands.executeCommand("setContext", isScoredKey, isScored);
  }

  #fail({ error, isAsked }: ScoringFailure): void {
    const problem = errorText(error);
    this.engine.log.error(`Scoring: ${error instanceof Error ? error.stack : problem}`);
    if (problem === this.#told && !isAsked) return;
    this.#told = problem;
    this.tell(`Reward Inspector: ${problem}`, error);
  }
}
