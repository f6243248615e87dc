/** What each command does, by name: most of it stands in a file of its own. */
import type * as vscode from "vscode";
import type { ActiveModel } from "../editor/active-model";
import type { EngineHost } from "../editor/engine-host";
import type { LowTokenNavigation } from "../editor/low-token-navigation";
import type { Preferences } from "../editor/preferences";
import type { ScoredDocuments } from "../editor/scored-documents";
import type { ComparePanel } from "../panels/compare-panel";
import type { CommandHandlers } from "./command-table";
import { compare, compareCompletions, compareModels } from "./compare";
import { exportComparison } from "./export-comparison";
import { exportScores } from "./export-scores";
import { markCompletion } from "./mark-completion";
import { openSamples } from "./open-samples";
import { activeEditor } from "./register";
import { runModel } from "./run-model";
import { selectDisplay } from "./select-display";
import { setThreshold } from "./set-threshold";
import { toggleLowTokens } from "./toggle-low-tokens";

export interface CommandParts {
  readonly engine: EngineHost;
  readonly preferences: Preferences;
  readonly model: ActiveModel;
  readonly documents: ScoredDocuments;
  readonly navigation: LowTokenNavigation;
  readonly panel: ComparePanel;
  readonly extensionUri: vscode.Uri;
}

export function commandHandlers(parts: CommandParts): CommandHandlers {
  const { engine, preferences, model, documents, navigation, panel, extensionUri } = parts;
  return {
    "rewardLens.runModel": () => runModel(documents, preferences),
    "rewardLens.toggleLowTokens": () => toggleLowTokens(documents, preferences),
    "rewardLens.compare": (...args) => compare(panel, documents, args),
    "rewardLens.compareCompletions": () => compareCompletions(panel, documents),
    "rewardLens.compareModels": async () => compareModels(panel, undefined),
    "rewardLens.fineTune": () => undefined,
    "rewardLens.evaluate": () => undefined,
    "rewardLens.nextLowToken": () => navigation.next(activeEditor()),
    "rewardLens.previousLowToken": () => navigation.previous(activeEditor()),
    "rewardLens.selectModel": () => undefined,
    "rewardLens.selectGoal": () => undefined,
    "rewardLens.computeGoal": () => undefined,
    "rewardLens.setThreshold": () => setThreshold(preferences),
    "rewardLens.selectDisplay": () => selectDisplay(preferences),
    "rewardLens.markCompletion": () => markCompletion(documents),
    "rewardLens.exportScores": () => exportScores(engine, model),
    "rewardLens.exportComparison": () => exportComparison(panel),
    "rewardLens.clear": () => documents.remove(activeEditor().document),
    "rewardLens.openSamples": () => openSamples(extensionUri),
    "rewardLens.showLog": () => engine.log.show(),
    "rewardLens.restartEngine": () => engine.restart(),
  };
}
