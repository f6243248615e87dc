/** Saves the export of a panel. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { writeWhole } from "../engine/files";

export interface ExportedFile {
  readonly format: "png" | "html";
  /** Base64 of a PNG, or the text of a page. */
  readonly data: string;
  readonly title: string;
  /** The compared files, which the export must not replace. */
  readonly sources: readonly string[];
}

export async function saveExport({ format, data, title, sources }: ExportedFile): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const name = `${title.replace(/[^\w.-]+/g, "-").replace(/^-|-$/g, "") || "comparison"}.${format}`;
  const target = await vscode.window.showSaveDialog({
    title: "Export the Comparison",
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, name) } : {}),
    filters: format === "png" ? { Picture: ["png"] } : { Page: ["html"] },
  });
  if (!target) return;
  const contents = format === "png" ? Buffer.from(data, "base64") : data;
  await writeWhole(target.fsPath, (file) => file.write(contents), sources);
  const open = "Open";
  const choice = await vscode.window.showInformationMessage(`Exported ${basename(target.fsPath)}.`, open);
  if (choice !== open) return;
  // A browser opens only pages on this machine; VS Code itself shows pictures.
  if (format === "html" && vscode.env.remoteName === undefined) await vscode.env.openExternal(target);
  else await vscode.commands.executeCommand("vscode.open", target);
}
