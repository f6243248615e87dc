import * as vscode from "vscode";

/** Open Samples: opens the sample pairs that come with the extension. */
export async function openSamples(extension: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.joinPath(extension, "models", "samples", "pairs.jsonl"));
}
