/** What is refused in workspaces that are not trusted. */
import * as vscode from "vscode";
import { manageTrust } from "../platform/error-wording";

/** Tells the user where the workspace is not trusted. @param work as in `Fine-tuning writes …`: a sentence's start */
export async function isTrustedFor(work: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const answer = await vscode.window.showWarningMessage(
    `Reward Inspector: ${work}, which waits until you trust this workspace.`,
    manageTrust.title,
  );
  if (answer === manageTrust.title) await vscode.commands.executeCommand(manageTrust.command);
  return false;
}
