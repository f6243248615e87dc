/** Marks in the editor the token that is pointed at in a panel. */
import * as vscode from "vscode";

/** Where a token stands; several ranges where it spans two strings. */
export interface TokenPlace {
  readonly document: vscode.TextDocument;
  readonly ranges: readonly vscode.Range[];
}

export class TokenPointer implements vscode.Disposable {
  readonly #mark = vscode.window.createTextEditorDecorationType({
    border: "1px solid",
    borderColor: new vscode.ThemeColor("focusBorder"),
    backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"),
  });

  point(place: TokenPlace | undefined): void {
    for (const editor of vscode.window.visibleTextEditors) {
      editor.setDecorations(this.#mark, editor.document === place?.document ? [...place.ranges] : []);
    }
  }

  /** Shows the token in its editor, selected. */
  async reveal(place: TokenPlace | undefined): Promise<void> {
    const [range] = place?.ranges ?? [];
    if (!place || !range) return;
    const shown = vscode.window.visibleTextEditors.find(({ document }) => document === place.document);
    await vscode.window.showTextDocument(place.document, {
      selection: range,
      ...(shown?.viewColumn === undefined ? {} : { viewColumn: shown.viewColumn }),
    });
  }

  clear(): void {
    this.point(undefined);
  }

  dispose(): void {
    this.#mark.dispose();
  }
}
