/** Every command of the extension. package.json contributes exactly these; a test holds both together. */

export interface CommandInfo {
  /** In the palette, behind `Reward Lens: `. */
  readonly title: string;
  /** Codicon, where the command stands in a toolbar. */
  readonly icon?: string;
}

export const commands = {
  "rewardLens.runModel": { title: "Run Reward Model", icon: "$(play)" },
  "rewardLens.toggleLowTokens": { title: "Highlight Low-Q Tokens" },
  "rewardLens.compare": { title: "Compare Chosen vs Rejected", icon: "$(git-compare)" },
  "rewardLens.compareCompletions": { title: "Compare with Another Completion…" },
  "rewardLens.compareModels": { title: "Compare Under Two Models…" },
  "rewardLens.fineTune": { title: "Fine-Tune Reward Model…", icon: "$(beaker)" },
  "rewardLens.evaluate": { title: "Evaluate Reward Model…" },
  "rewardLens.nextLowToken": { title: "Next Low-Q Token" },
  "rewardLens.previousLowToken": { title: "Previous Low-Q Token" },
  "rewardLens.selectModel": { title: "Select Reward Model…", icon: "$(folder-opened)" },
  "rewardLens.selectGoal": { title: "Select Goal State…" },
  "rewardLens.computeGoal": { title: "Compute Goal State from This Dataset", icon: "$(target)" },
  "rewardLens.setThreshold": { title: "Set Low-Q Threshold…" },
  "rewardLens.selectDisplay": { title: "Select What Is Shaded…" },
  "rewardLens.markCompletion": { title: "Mark Selection as Completion" },
  "rewardLens.exportScores": { title: "Export Scores…" },
  "rewardLens.exportComparison": { title: "Export Comparison…" },
  "rewardLens.clear": { title: "Clear" },
  "rewardLens.openSamples": { title: "Open Samples" },
  "rewardLens.openInParts": { title: "Open in Parts" },
  "rewardLens.nextPart": { title: "Next Part of the File", icon: "$(arrow-right)" },
  "rewardLens.previousPart": { title: "Previous Part of the File", icon: "$(arrow-left)" },
  "rewardLens.useModel": { title: "Use This Model", icon: "$(check)" },
  "rewardLens.addModelFolder": { title: "Add Model Folder…", icon: "$(add)" },
  "rewardLens.removeModel": { title: "Remove from the List" },
  "rewardLens.useGoal": { title: "Use This Goal State", icon: "$(check)" },
  "rewardLens.resumeRun": { title: "Resume Training", icon: "$(play)" },
  "rewardLens.pauseRun": { title: "Pause Training", icon: "$(debug-pause)" },
  "rewardLens.stopRun": { title: "End Training and Keep the Model", icon: "$(debug-stop)" },
  "rewardLens.openModelCard": { title: "Open Model Card", icon: "$(book)" },
  "rewardLens.revealFolder": { title: "Open Its Folder" },
  "rewardLens.refreshViews": { title: "Refresh", icon: "$(refresh)" },
  "rewardLens.showLog": { title: "Show Engine Log" },
  "rewardLens.restartEngine": { title: "Restart Engine" },
} as const satisfies Readonly<Record<string, CommandInfo>>;

export type CommandId = keyof typeof commands;

/** What each command does; a command without an answer here does not compile. */
export type CommandHandlers = { readonly [id in CommandId]: (...args: unknown[]) => unknown };
