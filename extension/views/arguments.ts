/** Reads the arguments of commands: an item of a view, a file in the explorer, or nothing. */
import * as vscode from "vscode";

/** Folder or name of the model of an item in Models or Runs; undefined if it has none. */
export function modelArgument(argument: unknown): string | undefined {
  const { model, kind, run } = fields(argument);
  const own = kind === "run" ? fields(run).model : model;
  return typeof own === "string" ? own : undefined;
}

/** Name of the goal state of an item in Goal States. */
export function goalArgument(argument: unknown): string | undefined {
  const { kind, name } = fields(argument);
  return kind === "goal" && typeof name === "string" ? name : undefined;
}

/** Folder of the run of an item in Runs. */
export function runArgument(argument: unknown): string | undefined {
  const { kind, folder } = fields(argument);
  return kind === "run" && typeof folder === "string" ? folder : undefined;
}

/** A file in the explorer, or the dataset that the argument names. */
export function datasetArgument(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  const { dataset } = fields(argument);
  return typeof dataset === "string" ? vscode.Uri.file(dataset) : undefined;
}

/** Shows a folder in the system's file manager, or if there is none, offers to copy its path. */
export async function revealFolder(folder: string): Promise<void> {
  const commands = await vscode.commands.getCommands(true);
  if (commands.includes("revealFileInOS")) {
    await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(folder));
    return;
  }
  const copy = "Copy Path";
  if ((await vscode.window.showInformationMessage(folder, copy)) === copy)
    await vscode.env.clipboard.writeText(folder);
}

function fields(argument: unknown): Readonly<Record<string, unknown>> {
  return typeof argument === "object" && argument !== null ? { ...argument } : {};
}
