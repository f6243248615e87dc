/** What is refused in workspaces that are not trusted. */
import * as vscode from "vscode";

/** Tells the user where the workspace is not trusted. @param work as in `Fine-tuning writes …`: a sentence's start */
export async function isTrustedFor(work: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = "Manage Workspace Trust";
  const answer = await vscode.window.showWarningMessage(
    `Reward Lens: ${work}, which waits until you trust this workspace.`,
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}
