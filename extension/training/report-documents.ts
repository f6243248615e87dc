/** Reports as documents that are shown, not saved. */
import * as vscode from "vscode";

const scheme = "reward-lens-report";
const gone = "This report went with its window. Run *Reward Lens: Evaluate Reward Model…* again.\n";

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

  /** Opens Markdown beside the active editor, rendered where VS Code can. */
  async show(title: string, markdown: string): Promise<void> {
    this.#count++;
    const name = title.replaceAll(/[/\\?#]/g, "-");
    const uri = vscode.Uri.from({ scheme, path: `/${name}.md`, query: String(this.#count) });
    this.#texts.set(uri.toString(), markdown);
    // The preview is of an extension that comes with VS Code, and can be switched off.
    if (vscode.extensions.getExtension("vscode.markdown-language-features"))
      await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
    else await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
