/** Reports as documents that are shown, not saved. */
import * as vscode from "vscode";

const scheme = "reward-inspector-report";
/** Of the extension for Markdown that comes with VS Code. Unlike its other preview, it stays with its document. */
const preview = { extension: "vscode.markdown-language-features", view: "vscode.markdown.preview.editor" };
const gone = "This report went with its window. Run *Reward Inspector: Evaluate Reward Model…* again.\n";

export class ReportDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration: vscode.Disposable;
  #count = 0;

  constructor() {
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? gone;
  }

  /** Opens Markdown where reports are open, or else beside the active editor; rendered where VS Code can. */
  async show(title: string, markdown: string): Promise<void> {
    this.#count++;
    const name = title.replaceAll(/[/\\?#]/g, "-");
    const uri = vscode.Uri.from({ scheme, path: `/${name}.md`, query: String(this.#count) });
    this.#texts.set(uri.toString(), markdown);
    const view = vscode.extensions.getExtension(preview.extension) ? preview.view : "default";
    await vscode.commands.executeCommand("vscode.openWith", uri, view, { viewColumn: columnOfReports() });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function columnOfReports(): vscode.ViewColumn {
  const group = vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(isReport));
  return group?.viewColumn ?? vscode.ViewColumn.Beside;
}

function isReport({ input }: vscode.Tab): boolean {
  const hasFile = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return hasFile && input.uri.scheme === scheme;
}
