/** VS Code gives files over 50 MB to no extension; they are shown in parts, as read-only documents of their own. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { readPart } from "./file-parts";

export const partScheme = "reward-lens-part";

export class LargeFiles implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(partScheme, this);

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { path, index } = placeOf(uri);
    return (await readPart(path, index)).text;
  }

  /** Shows a part, from 0, as JSON Lines. */
  async open(file: vscode.Uri, index = 0): Promise<void> {
    const { count } = await readPart(file.fsPath, index);
    const name = `${basename(file.fsPath)}, part ${index + 1} of ${count}`;
    const query = JSON.stringify({ path: file.fsPath, index });
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from({ scheme: partScheme, path: `/${name}`, query }),
    );
    const lines = await vscode.languages.setTextDocumentLanguage(document, "jsonl").then(
      (set) => set,
      () => document,
    );
    await vscode.window.showTextDocument(lines, { preview: false });
  }

  /** The part after the shown one, or before; says so where there is none. */
  async turn(shown: vscode.Uri, by: 1 | -1): Promise<void> {
    const { path, index } = placeOf(shown);
    const next = index + by;
    const { count } = await readPart(path, index);
    if (next >= 0 && next < count) await this.open(vscode.Uri.file(path), next);
    else
      void vscode.window.showInformationMessage(
        `Reward Lens: this is the ${by > 0 ? "last" : "first"} part.`,
      );
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** @throws Error for the address of another document */
function placeOf({ scheme, query }: vscode.Uri): { readonly path: string; readonly index: number } {
  if (scheme !== partScheme)
    throw new Error("works on a part of a large file; open one with Open in Parts first");
  return JSON.parse(query) as { path: string; index: number };
}
