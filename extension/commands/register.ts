/** Registers commands, so that a failure is always shown with its reason and the next steps. */
import * as vscode from "vscode";
import { EditorProblem, errorText, manageTrust, type NextStep, nextSteps } from "../platform/error-wording";
import { type CommandHandlers, type CommandId, commands } from "./command-table";

export function registerCommands(handlers: CommandHandlers, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    ...(Object.keys(commands) as CommandId[]).map((id) =>
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          return await handlers[id](...args);
        } catch (error) {
          if (error instanceof vscode.CancellationError) return undefined;
          log.error(`${commands[id].title}: ${error instanceof Error ? error.stack : errorText(error)}`);
          void tell(`${commands[id].title.replace(/…$/, "")}: ${errorText(error)}`, nextSteps(error));
          return undefined;
        }
      }),
    ),
  );
}

/** Shows a problem to the user, with commands that help to solve it. */
export async function tell(problem: string, steps: readonly NextStep[]): Promise<void> {
  const labels = new Map(steps.map((step): [string, NextStep] => [titleOf(step), step]));
  const choice = await vscode.window.showErrorMessage(problem, ...labels.keys());
  const step = choice === undefined ? undefined : labels.get(choice);
  if (step) await vscode.commands.executeCommand(step);
}

function titleOf(step: NextStep): string {
  return step === manageTrust.command ? manageTrust.title : commands[step].title;
}

/** The active text editor. Throws EditorProblem if there is none, or if VS Code hides its file from extensions. */
export function activeEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor) return editor;
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (input instanceof vscode.TabInputText)
    throw new EditorProblem(
      `${vscode.workspace.asRelativePath(input.uri)} is over 50 MB, too large for VS Code extensions; open it in parts`,
      ["rewardInspector.openInParts"],
    );
  throw nothingOpen();
}

/** The file in the active tab, even one that VS Code hides from extensions. Throws EditorProblem if there is none. */
export function activeFile(): vscode.Uri {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (input instanceof vscode.TabInputText) return input.uri;
  throw nothingOpen();
}

function nothingOpen(): EditorProblem {
  return new EditorProblem("no file is open; open a file with completions", ["rewardInspector.openSamples"]);
}
