/** The extension: a wiring diagram, nothing else. */
import { join } from "node:path";
import type * as vscode from "vscode";
import { commandHandlers } from "./commands/command-handlers";
import { nextSteps, registerCommands, tell } from "./commands/register";
import { ActiveModel } from "./editor/active-model";
import { CodeLenses } from "./editor/code-lenses";
import { EngineHost } from "./editor/engine-host";
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

export function activate({
  extensionPath,
  extensionUri,
  subscriptions,
  workspaceState,
}: vscode.ExtensionContext): void {
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

  const handlers = commandHandlers({
    engine,
    preferences,
    model,
    documents,
    navigation,
    panel,
    extensionUri,
  });
  track(registerCommands(handlers, engine.log));
}
