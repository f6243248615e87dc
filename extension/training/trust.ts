/** Asks for workspace trust before commands that need it. */
import * as vscode from "vscode";
import { manageTrust } from "../platform/error-wording";

/** Whether the workspace is trusted; otherwise says so. @param work what needs trust: `fine-tuning reads …` */
export async function isTrustedFor(work: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const answer = await vscode.window.showWarningMessage(
    `Reward Inspector: ${work}, so you must trust it first.`,
    manageTrust.title,
  );
  if (answer === manageTrust.title) await vscode.commands.executeCommand(manageTrust.command);
  return false;
}
