/** All commands of the extension. A test checks that package.json contributes exactly these. */

export interface CommandInfo {
  /** Title in the command palette, after `Reward Inspector: `. */
  readonly title: string;
  /** Codicon of the command in toolbars. */
  readonly icon?: string;
}

export const commands = {
  "rewardInspector.runModel": { title: "Run Reward Model", icon: "$(play)" },
  "rewardInspector.toggleLowTokens": { title: "Highlight Low-Q Tokens" },
  "rewardInspector.compare": { title: "Compare Chosen vs Rejected", icon: "$(git-compare)" },
  "rewardInspector.compareCompletions": { title: "Compare with Another Completion…" },
  "rewardInspector.compareModels": { title: "Compare Under Two Models…" },
  "rewardInspector.fineTune": { title: "Fine-Tune Reward Model…", icon: "$(beaker)" },
  "rewardInspector.evaluate": { title: "Evaluate Reward Model…" },
  "rewardInspector.nextLowToken": { title: "Next Low-Q Token" },
  "rewardInspector.previousLowToken": { title: "Previous Low-Q Token" },
  "rewardInspector.selectModel": { title: "Select Reward Model…", icon: "$(folder-opened)" },
  "rewardInspector.selectGoal": { title: "Select Goal State…" },
  "rewardInspector.computeGoal": { title: "Compute Goal State from This Dataset", icon: "$(target)" },
  "rewardInspector.setThreshold": { title: "Set Low-Q Threshold…" },
  "rewardInspector.selectDisplay": { title: "Select What Is Shaded…" },
  "rewardInspector.markCompletion": { title: "Mark Selection as Completion" },
  "rewardInspector.exportScores": { title: "Export Scores…" },
  "rewardInspector.exportComparison": { title: "Export Comparison…" },
  "rewardInspector.clear": { title: "Clear" },
  "rewardInspector.openSamples": { title: "Open Samples" },
  "rewardInspector.openInParts": { title: "Open in Parts" },
  "rewardInspector.nextPart": { title: "Next Part of the File", icon: "$(arrow-right)" },
  "rewardInspector.previousPart": { title: "Previous Part of the File", icon: "$(arrow-left)" },
  "rewardInspector.useModel": { title: "Use This Model", icon: "$(check)" },
  "rewardInspector.addModelFolder": { title: "Add Model Folder…", icon: "$(add)" },
  "rewardInspector.removeModel": { title: "Remove from the List" },
  "rewardInspector.useGoal": { title: "Use This Goal State", icon: "$(check)" },
  "rewardInspector.resumeRun": { title: "Resume Training", icon: "$(play)" },
  "rewardInspector.pauseRun": { title: "Pause Training", icon: "$(debug-pause)" },
  "rewardInspector.stopRun": { title: "End Training and Keep the Model", icon: "$(debug-stop)" },
  "rewardInspector.openModelCard": { title: "Open Model Card", icon: "$(book)" },
  "rewardInspector.revealFolder": { title: "Open Its Folder" },
  "rewardInspector.refreshViews": { title: "Refresh", icon: "$(refresh)" },
  "rewardInspector.showLog": { title: "Show Engine Log" },
  "rewardInspector.restartEngine": { title: "Restart Engine" },
} as const satisfies Readonly<Record<string, CommandInfo>>;

export type CommandId = keyof typeof commands;

/** The handler of each command; a missing one does not compile. */
export type CommandHandlers = { readonly [id in CommandId]: (...args: unknown[]) => unknown };
