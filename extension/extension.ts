/** The extension: a wiring diagram, nothing else. */
import { join } from "node:path";
import type * as vscode from "vscode";
import { commandHandlers } from "./commands/command-handlers";
import { nextSteps, registerCommands, tell } from "./commands/register";
import { ActiveModel } from "./editor/active-model";
import { CodeLenses } from "./editor/code-lenses";
import { EngineHost } from "./editor/engine-host";
import { LargeFiles } from "./editor/large-files";
import { LowRunDiagnostics } from "./editor/low-run-diagnostics";
import { LowRunMarks } from "./editor/low-run-marks";
import { LowTokenNavigation } from "./editor/low-token-navigation";
import { Preferences } from "./editor/preferences";
import { QuickFixes } from "./editor/quick-fixes";
import { Reader } from "./editor/reader";
import { RewardHints } from "./editor/reward-hints";
import { ScoredContext } from "./editor/scored-context";
import { ScoredDocuments } from "./editor/scored-documents";
import { StatusBar } from "./editor/status-bar";
import { TokenHover } from "./editor/token-hover";
import { TokenShading } from "./editor/token-shading";
import { ComparePanel } from "./panels/compare-panel";
import { Comparer } from "./panels/comparer";
import { saveExport } from "./panels/export-file";
import { ComputeGoal } from "./training/compute-goal";
import { DatasetPicker } from "./training/dataset-picker";
import { Evaluate } from "./training/evaluate";
import { FineTune } from "./training/fine-tune";
import { FineTuneForm } from "./training/fine-tune-form";
import { offerToResume } from "./training/interrupted-trainings";
import { ReportDocuments } from "./training/report-documents";
import { Trainings } from "./training/trainings";
import { GoalStatesView } from "./views/goal-states-view";
import { KnownModels } from "./views/known-models";
import { KnownRuns } from "./views/known-runs";
import { ModelPicker } from "./views/model-picker";
import { ModelsView } from "./views/models-view";
import { RunsView } from "./views/runs-view";

export function activate(context: vscode.ExtensionContext): void {
  const { extensionPath, extensionUri, subscriptions, workspaceState, globalState, globalStorageUri } =
    context;
  const track = <T extends vscode.Disposable>(item: T): T => {
    subscriptions.push(item);
    return item;
  };
  const engine = track(new EngineHost(extensionPath));
  const preferences = track(new Preferences(workspaceState));
  const model = track(new ActiveModel(engine, preferences, join(extensionPath, "models", "default")));
  const documents = track(new ScoredDocuments(engine, model));
  const reader = track(new Reader(preferences, model));

  track(new TokenShading(documents, reader, preferences));
  track(new LowRunMarks(documents, reader, preferences));
  track(new LowRunDiagnostics(documents, reader, preferences));
  track(new QuickFixes(documents));
  track(new TokenHover(documents, reader));
  track(new CodeLenses(documents, reader));
  track(new RewardHints(documents, reader));
  track(new StatusBar(documents, reader, model, preferences));
  track(new ScoredContext(documents, engine, (problem, error) => void tell(problem, nextSteps(error))));

  const navigation = track(new LowTokenNavigation(documents, reader));
  const comparer = new Comparer(engine, documents, model, preferences, reader);
  const panel = track(new ComparePanel(extensionUri, comparer, saveExport));

  const largeFiles = track(new LargeFiles());

  const storage = globalStorageUri.fsPath;
  const runs = track(new KnownRuns(globalState, storage));
  const models = track(new KnownModels(model, runs));
  const goals = track(new GoalStatesView(model, preferences));
  track(new ModelsView(models, model));
  track(new RunsView(runs));
  const picker = new ModelPicker(models, model, preferences);
  const datasets = new DatasetPicker(join(extensionPath, "models", "samples"));
  const trainings = track(new Trainings(engine, runs, preferences, workspaceState));
  const fineTune = new FineTune(new FineTuneForm(engine, model, runs, datasets, picker), trainings);
  const evaluate = new Evaluate(engine, model, preferences, datasets, track(new ReportDocuments()));
  const copies = join(storage, "models");
  const computeGoal = new ComputeGoal(engine, model, preferences, models, datasets, copies);

  const handlers = commandHandlers({
    ...{ engine, preferences, model, documents, navigation, panel, largeFiles, extensionUri },
    ...{ models, runs, goals, picker, trainings, fineTune, evaluate, computeGoal },
  });
  track(registerCommands(handlers, engine.log));
  void offerToResume(trainings);
}
