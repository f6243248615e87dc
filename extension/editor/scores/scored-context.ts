/** Sets the context key for scored files, and notifies the user once of failures and of missing goal states. */
import * as vscode from "vscode";
import type { EngineHost } from "../../platform/engine/engine-host";
import { errorText } from "../../platform/error-wording";
import type { ActiveModel } from "../../platform/models/active-model";
import type { Preferences } from "../../platform/settings/preferences";
import type { ScoredDocuments, ScoringFailure } from "./scored-documents";

export const isScoredKey = "rewardInspector.isScored";

export class ScoredContext implements vscode.Disposable {
  readonly #listeners: vscode.Disposable[];
  #isScored: boolean | undefined;
  /** The last problem that was shown. Each scroll repeats the request, and must not repeat the message. */
  #told: string | undefined;
  /** Model and name of the missing goal state that was shown last. */
  #lacked: string | undefined;

  constructor(
    private readonly documents: ScoredDocuments,
    private readonly engine: EngineHost,
    private readonly model: ActiveModel,
    preferences: Preferences,
    private readonly tell: (problem: string, error: unknown) => void,
  ) {
    this.#listeners = [
      documents.onDidChange(() => {
        this.#update();
        this.#tellLack();
      }),
      preferences.onDidChange(() => this.#tellLack()),
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

  /** Warns if the Q-values are for another goal state than the chosen one. */
  #tellLack(): void {
    const goals = this.documents.settings?.goals;
    const lacked = goals && this.model.lackedGoal(goals);
    const key = lacked === undefined ? undefined : `${this.model.model}\n${lacked}`;
    if (key === this.#lacked) return;
    this.#lacked = key;
    if (lacked === undefined || !goals) return;
    const other = this.model.goalOf(goals);
    void vscode.window.showWarningMessage(
      `Reward Inspector: the model ${this.model.name} has no goal state ${lacked}; ` +
        (other === undefined
          ? "it has none at all, so it has no Q-values."
          : `Q-values are for ${other}. It has ${goals.join(", ")}.`),
    );
  }

  #fail({ error, isAsked }: ScoringFailure): void {
    const problem = errorText(error);
    this.engine.log.error(`Scoring: ${error instanceof Error ? error.stack : problem}`);
    if (problem === this.#told && !isAsked) return;
    this.#told = problem;
    this.tell(`Reward Inspector: ${problem}`, error);
  }
}
