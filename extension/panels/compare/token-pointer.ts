/** Marks in the editor the token that is pointed at in a panel. */
import * as vscode from "vscode";
import type { Located } from "./subject";

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

  /** Shows the token in its editor, selected; where no editor shows the file, in another column than the panel's. */
  async reveal(place: TokenPlace | undefined, panelColumn: vscode.ViewColumn | undefined): Promise<void> {
    const [range] = place?.ranges ?? [];
    if (!place || !range) return;
    const shown = vscode.window.visibleTextEditors.find(({ document }) => document === place.document);
    const { One, Beside } = vscode.ViewColumn;
    const viewColumn = shown?.viewColumn ?? (panelColumn === One ? Beside : One);
    await vscode.window.showTextDocument(place.document, { selection: range, viewColumn });
  }

  /** Scrolls the editors that show the file to a place, without a word to their cursors. */
  bringIntoView({ uri, offset }: Located): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== uri) continue;
      const place = editor.document.positionAt(offset);
      editor.revealRange(
        new vscode.Range(place, place),
        vscode.TextEditorRevealType.InCenterIfOutsideViewport,
      );
    }
  }

  clear(): void {
    this.point(undefined);
  }

  dispose(): void {
    this.#mark.dispose();
  }
}
