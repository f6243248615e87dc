/** Registers commands so that one that fails always says why, and offers what to do next. */
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

/** A problem for the user, with commands that lead on. */
export async function tell(problem: string, steps: readonly NextStep[]): Promise<void> {
  const labels = new Map(steps.map((step): [string, NextStep] => [titleOf(step), step]));
  const choice = await vscode.window.showErrorMessage(problem, ...labels.keys());
  const step = choice === undefined ? undefined : labels.get(choice);
  if (step) await vscode.commands.executeCommand(step);
}

function titleOf(step: NextStep): string {
  return step === manageTrust.command ? manageTrust.title : commands[step].title;
}

/** Throws EditorProblem if no text is open, and says so of files that VS Code keeps from extensions. */
export function activeEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor) return editor;
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (input instanceof vscode.TabInputText)
    throw new EditorProblem(
      `${vscode.workspace.asRelativePath(input.uri)} is over 50 MB, and VS Code gives such files to no extension; open it in parts`,
      ["rewardInspector.openInParts"],
    );
  throw nothingOpen();
}

/** The file of the active tab, also one that is kept from extensions. Throws EditorProblem if there is none. */
export function activeFile(): vscode.Uri {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (input instanceof vscode.TabInputText) return input.uri;
  throw nothingOpen();
}

function nothingOpen(): EditorProblem {
  return new EditorProblem("no file is open; open one with completions", ["rewardInspector.openSamples"]);
}
