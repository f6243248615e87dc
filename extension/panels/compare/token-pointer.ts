/** Marks in the editor the token that the user points at in a panel. */
import * as vscode from "vscode";
import type { Located } from "./subject";

/** Place of a token, with several ranges if it spans two strings. */
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

  /** Selects the token in the editor of its file, which opens in another column than the panel if it is not visible. */
  async reveal(place: TokenPlace | undefined, panelColumn: vscode.ViewColumn | undefined): Promise<void> {
    const [range] = place?.ranges ?? [];
    if (!place || !range) return;
    const shown = vscode.window.visibleTextEditors.find(({ document }) => document === place.document);
    const { One, Beside } = vscode.ViewColumn;
    const viewColumn = shown?.viewColumn ?? (panelColumn === One ? Beside : One);
    await vscode.window.showTextDocument(place.document, { selection: range, viewColumn });
  }

  /** Scrolls the editors of the file to a place, without moving their cursors. */
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
