/** Marks low spans in the overview ruler. */
import * as vscode from "vscode";
import type { Preferences } from "../../platform/settings/preferences";
import { Soon } from "../../platform/soon";
import { rangeIn } from "../scores/scored-document";
import type { DocumentViews } from "./document-views";
import { signColors } from "./shading/theme-colors";

/** Milliseconds. Marks need not keep up with typing, as VS Code moves them with the text. */
const delay = 150;

export class LowSpanMarks implements vscode.Disposable {
  readonly #type = vscode.window.createTextEditorDecorationType({
    overviewRulerColor: new vscode.ThemeColor(signColors.lowSpan),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  readonly #marked = new WeakSet<vscode.TextEditor>();
  readonly #soon = new Soon(delay, () => this.#mark());
  readonly #listeners: vscode.Disposable[];

  constructor(
    private readonly views: DocumentViews,
    private readonly preferences: Preferences,
  ) {
    const ask = (): void => this.#soon.ask();
    this.#listeners = [
      views.onDidChange(ask),
      views.onDidClose(ask),
      vscode.window.onDidChangeVisibleTextEditors(ask),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#soon.dispose();
    this.#type.dispose();
  }

  #mark(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const ranges = this.#rangesIn(editor.document);
      if (ranges.length > 0 || this.#marked.has(editor)) editor.setDecorations(this.#type, ranges);
      if (ranges.length > 0) this.#marked.add(editor);
      else this.#marked.delete(editor);
    }
  }

  #rangesIn(document: vscode.TextDocument): vscode.Range[] {
    const view = this.views.get(document);
    if (!view || this.preferences.chosen.shading === "off") return [];
    return view.lowSpans.map((span) => rangeIn(document, span));
  }
}
