import * as vscode from "vscode";

/** Open Samples: the pairs that the extension brings, to be run at once. */
export async function openSamples(extension: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.joinPath(extension, "models", "samples", "pairs.jsonl"));
}
