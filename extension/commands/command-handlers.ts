/** Maps each command to its handler; most handlers have their own file. */
import * as vscode from "vscode";
import type { LargeFiles } from "../editor/documents/large-files";
import type { LowTokenNavigation } from "../editor/navigation/low-token-navigation";
import type { ScoredDocuments } from "../editor/scores/scored-documents";
import type { ComparePanel } from "../panels/compare/compare-panel";
import type { EngineHost } from "../platform/engine/engine-host";
import type { Preferences } from "../platform/settings/preferences";
import type { ComputeGoal } from "../training/compute-goal";
import type { Evaluate } from "../training/evaluate";
import type { FineTune } from "../training/fine-tune";
import type { CommandHandlers } from "./command-table";
import { compare, compareCompletions, compareModels } from "./compare";
import { exportComparison } from "./export-comparison";
import { exportScores } from "./export-scores";
import { markCompletion } from "./mark-completion";
import { openSamples } from "./open-samples";
import { activeEditor, activeFile } from "./register";
import { runModel } from "./run-model";
import { selectDisplay } from "./select-display";
import { setThreshold } from "./set-threshold";
import { toggleLowTokens } from "./toggle-low-tokens";
import { type ViewParts, viewHandlers } from "./view-handlers";

export interface CommandParts extends ViewParts {
  readonly engine: EngineHost;
  readonly preferences: Preferences;
  readonly documents: ScoredDocuments;
  readonly navigation: LowTokenNavigation;
  readonly panel: ComparePanel;
  readonly largeFiles: LargeFiles;
  readonly fineTune: FineTune;
  readonly evaluate: Evaluate;
  readonly computeGoal: ComputeGoal;
  readonly extensionUri: vscode.Uri;
}

export function commandHandlers(parts: CommandParts): CommandHandlers {
  const { engine, preferences, model, documents, navigation, panel, largeFiles, extensionUri } = parts;
  const { picker, goals, fineTune, evaluate, computeGoal } = parts;
  return {
    "rewardInspector.runModel": () => runModel(documents, preferences),
    "rewardInspector.toggleLowTokens": () => toggleLowTokens(documents, preferences),
    "rewardInspector.compare": (...args) => compare(panel, args),
    "rewardInspector.compareCompletions": () => compareCompletions(panel, documents),
    "rewardInspector.compareModels": () => compareModels(panel, picker, model),
    "rewardInspector.fineTune": (argument) => fineTune.call(argument),
    "rewardInspector.evaluate": (argument) => evaluate.call(argument),
    "rewardInspector.nextLowToken": () => navigation.next(activeEditor()),
    "rewardInspector.previousLowToken": () => navigation.previous(activeEditor()),
    "rewardInspector.selectModel": () => picker.select(),
    "rewardInspector.selectGoal": () => goals.select(),
    "rewardInspector.computeGoal": () => computeGoal.run(),
    "rewardInspector.setThreshold": () => setThreshold(preferences),
    "rewardInspector.selectDisplay": () => selectDisplay(preferences),
    "rewardInspector.markCompletion": () => markCompletion(documents),
    "rewardInspector.exportScores": () => exportScores(engine, model, documents),
    "rewardInspector.exportComparison": () => exportComparison(panel),
    "rewardInspector.clear": () => documents.remove(activeEditor().document),
    "rewardInspector.openSamples": () => openSamples(extensionUri),
    "rewardInspector.openInParts": (file) =>
      largeFiles.open(file instanceof vscode.Uri ? file : activeFile()),
    "rewardInspector.nextPart": () => largeFiles.turn(activeEditor().document.uri, 1),
    "rewardInspector.previousPart": () => largeFiles.turn(activeEditor().document.uri, -1),
    ...viewHandlers(parts),
    "rewardInspector.showLog": () => engine.log.show(),
    "rewardInspector.restartEngine": () => engine.restart(),
  };
}
