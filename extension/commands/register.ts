/** Registers commands so that one that fails always says why, and offers what to do next. */
import * as vscode from "vscode";
import { InputError, messageOf } from "../engine/errors";
import { UnwrittenFile } from "../engine/files";
import { EngineCrash } from "../engine/process/engine-process";
import { manageTrust, UntrustedModel } from "../platform/trust";
import { type CommandHandlers, type CommandId, commands } from "./command-table";

export function registerCommands(handlers: CommandHandlers, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    ...(Object.keys(commands) as CommandId[]).map((id) =>
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          return await handlers[id](...args);
        } catch (error) {
          if (error instanceof vscode.CancellationError) return undefined;
          log.error(`${commands[id].title}: ${error instanceof Error ? error.stack : messageOf(error)}`);
          void tell(`${commands[id].title.replace(/…$/, "")}: ${messageOf(error)}`, nextSteps(error));
          return undefined;
        }
      }),
    ),
  );
}

/** A command that leads on from a problem. */
type Step = CommandId | typeof manageTrust.command;

/** A problem for the user, with commands that lead on. */
export async function tell(problem: string, steps: readonly Step[]): Promise<void> {
  const labels = new Map(steps.map((step): [string, Step] => [titleOf(step), step]));
  const choice = await vscode.window.showErrorMessage(problem, ...labels.keys());
  const step = choice === undefined ? undefined : labels.get(choice);
  if (step) await vscode.commands.executeCommand(step);
}

function titleOf(step: Step): string {
  return step === manageTrust.command ? manageTrust.title : commands[step].title;
}

/** The commands that help on, by what went wrong. */
export function nextSteps(error: unknown): readonly Step[] {
  if (error instanceof UntrustedModel) return [manageTrust.command, "rewardInspector.selectModel"];
  if (error instanceof TooLarge) return ["rewardInspector.openInParts"];
  if (error instanceof NothingOpen) return ["rewardInspector.openSamples"];
  if (error instanceof EngineCrash) return ["rewardInspector.selectModel", "rewardInspector.showLog"];
  if (error instanceof UnwrittenFile) return ["rewardInspector.showLog"];
  if (error instanceof InputError) return ["rewardInspector.selectModel", "rewardInspector.showLog"];
  return ["rewardInspector.showLog", "rewardInspector.restartEngine"];
}

/** A command that works on a file was called where none is open. */
export class NothingOpen extends Error {}

/** A command that works on a file was called on one that VS Code keeps from extensions. */
export class TooLarge extends Error {}

/** Throws NothingOpen where no text is open, and says so of files that VS Code keeps from extensions. */
export function activeEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor) return editor;
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (input instanceof vscode.TabInputText)
    throw new TooLarge(
      `${vscode.workspace.asRelativePath(input.uri)} is over 50 MB, and VS Code gives such files to no extension; ` +
        "open it in parts, or score it whole with `reward-inspector score`",
    );
  throw new NothingOpen("no file is open; open one with completions");
}

/** The file of the active tab, also one that is kept from extensions. Throws NothingOpen where there is none. */
export function activeFile(): vscode.Uri {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (input instanceof vscode.TabInputText) return input.uri;
  throw new NothingOpen("no file is open; open one with completions");
}
