/** Activates the extension: creates its parts and connects them. */
import { join } from "node:path";
import type * as vscode from "vscode";
import { commandHandlers } from "./commands/command-handlers";
import { registerCommands, tell } from "./commands/register";
import { DatasetPicker } from "./dialogs/dataset-picker";
import { ModelPicker } from "./dialogs/model-picker";
import { CodeLenses } from "./editor/annotations/code-lenses";
import { DocumentViews } from "./editor/annotations/document-views";
import { LowSpanMarks } from "./editor/annotations/low-span-marks";
import { LowSpanProblems } from "./editor/annotations/low-span-problems";
import { QuickFixes } from "./editor/annotations/quick-fixes";
import { RewardHints } from "./editor/annotations/reward-hints";
import { TokenShading } from "./editor/annotations/shading/token-shading";
import { TokenHover } from "./editor/annotations/token-hover";
import { LargeFiles } from "./editor/documents/large-files";
import { LowTokenNavigation } from "./editor/navigation/low-token-navigation";
import { Reader } from "./editor/scores/reader";
import { ScoredContext } from "./editor/scores/scored-context";
import { ScoredDocuments } from "./editor/scores/scored-documents";
import { StatusBar } from "./editor/status/status-bar";
import { ComparePanel } from "./panels/compare/compare-panel";
import { Comparer } from "./panels/compare/comparer";
import { CompletionFinder } from "./panels/compare/completion-finder";
import { DisplayChoices } from "./panels/compare/display-choices";
import { RowWalk } from "./panels/compare/row-walk";
import { saveExport } from "./panels/export-file";
import { EngineHost } from "./platform/engine/engine-host";
import { nextSteps } from "./platform/error-wording";
import { ActiveModel } from "./platform/models/active-model";
import { KnownModels } from "./platform/models/known-models";
import { KnownRuns } from "./platform/models/known-runs";
import { ChoiceNotices } from "./platform/settings/choice-notices";
import { Preferences } from "./platform/settings/preferences";
import { ComputeGoal } from "./training/compute-goal";
import { Evaluate } from "./training/evaluate";
import { FineTune } from "./training/fine-tune";
import { FineTuneForm } from "./training/form/fine-tune-form";
import { offerToResume } from "./training/interrupted-trainings";
import { Trainings } from "./training/trainings";
import { GoalStatesView } from "./views/goal-states-view";
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
  const views = track(new DocumentViews(documents, reader));

  track(new TokenShading(views, reader, preferences));
  track(new LowSpanMarks(views, preferences));
  track(new LowSpanProblems(views, preferences));
  track(new QuickFixes(documents));
  track(new TokenHover(documents, reader));
  track(new CodeLenses(views, documents, reader));
  track(new RewardHints(views, documents, reader));
  const notices = track(new ChoiceNotices(preferences));
  track(documents.onDidChangeActivity(() => notices.follow(documents.settings)));
  track(new StatusBar(documents, reader, model, preferences, notices));
  track(
    new ScoredContext(
      documents,
      engine,
      model,
      preferences,
      (problem, error) => void tell(problem, nextSteps(error)),
    ),
  );

  const navigation = track(new LowTokenNavigation(documents, reader));
  const finder = new CompletionFinder(documents);
  const walk = new RowWalk(finder, documents);
  const comparer = new Comparer(engine, documents, model, reader, finder, walk);
  const display = new DisplayChoices(reader, preferences);
  const panel = track(new ComparePanel(extensionUri, { comparer, finder, walk, display, saveExport }));

  const largeFiles = track(new LargeFiles());

  const storage = globalStorageUri.fsPath;
  const runs = track(new KnownRuns(engine, globalState, storage));
  const models = track(new KnownModels(engine, model, runs));
  const goals = track(new GoalStatesView(engine, model, preferences));
  track(new ModelsView(models, model));
  track(new RunsView(engine, runs));
  const picker = new ModelPicker(models, model, preferences);
  const datasets = new DatasetPicker(join(extensionPath, "models", "samples"));
  const trainings = track(new Trainings(engine, runs, preferences, workspaceState));
  const fineTune = new FineTune(new FineTuneForm(engine, model, runs, datasets, picker), trainings);
  const evaluate = track(new Evaluate(extensionUri, engine, model, preferences, datasets, panel));
  const copies = join(storage, "models");
  const computeGoal = new ComputeGoal(engine, model, preferences, models, datasets, copies);

  const handlers = commandHandlers({
    ...{ engine, preferences, model, documents, navigation, panel, largeFiles, extensionUri },
    ...{ models, runs, goals, picker, trainings, fineTune, evaluate, computeGoal },
  });
  track(registerCommands(handlers, engine.log));
  void offerToResume(engine, trainings);
}
