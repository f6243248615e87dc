/** Reports choices that are not in effect: once in a notification, and in the status bar for as long as they last. */
import * as vscode from "vscode";
import type { RunSettings } from "../../protocol/scoring";
import { choiceProblems } from "./choice-problems";
import type { Preferences } from "./preferences";
import { section } from "./setting-values";
import { readSetting, settingProblems } from "./settings";

export class ChoiceNotices implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #listeners: readonly vscode.Disposable[];
  /** Settings of the last request; undefined if the model or the device has changed since. */
  #settings: RunSettings | undefined;
  #followed: RunSettings | undefined;
  #problems: readonly string[] = [];
  readonly #told = new Set<string>();

  constructor(private readonly preferences: Preferences) {
    this.#listeners = [
      preferences.onDidChange((names) => {
        if (names.includes("model") || names.includes("device")) this.#settings = undefined;
        this.#update();
      }),
      // Preferences do not report an invalid value if the value in effect stays the same.
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) this.#update();
      }),
    ];
    this.#update();
  }

  /** Sentences for the user. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Records the settings of the last request. */
  follow(settings: RunSettings | undefined): void {
    if (settings === this.#followed) return;
    this.#followed = settings;
    this.#settings = settings;
    this.#update();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  #update(): void {
    const { goalState } = this.preferences.chosen;
    const choice = { device: readSetting("device"), goalState };
    this.#problems = choiceProblems(settingProblems(), choice, this.#settings);
    for (const problem of this.#problems) void this.#tell(problem);
    this.#changed.fire();
  }

  async #tell(problem: string): Promise<void> {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    const open = "Open Settings";
    const answer = await vscode.window.showWarningMessage(`Reward Inspector: ${problem}`, open);
    if (answer === open) await vscode.commands.executeCommand("workbench.action.openSettings", section);
  }
}
