/** Shades the tokens of scored documents in the editors that show them. */
import * as vscode from "vscode";
import type { Preferences } from "../../../platform/preferences";
import { Soon } from "../../../platform/soon";
import type { OffsetRange } from "../../documents/regions/region";
import { distinct, visibleSpans } from "../../scores/near-rows";
import type { Reader } from "../../scores/reader";
import { type Entry, rangeIn, type ScoredDocument } from "../../scores/scored-document";
import type { ScoredDocuments } from "../../scores/scored-documents";
import { DecorationTypes } from "./decoration-types";
import { type Shades, shadesOf } from "./shades";

/** Lines around what is visible that are painted with it, so that a scroll finds them shaded. */
const margin = 100;
/** Lines that must be painted ahead; less, and it is painted again. */
const ahead = 20;
/** Ranges of one editor: more make typing slow, and no screen shows as many. */
const mostRanges = 10_000;
/** Milliseconds: events of one frame are answered together. */
const frame = 30;

/** What an editor has been painted with. */
interface Painted {
  readonly version: number;
  readonly from: number;
  readonly to: number;
  /** Types that have ranges. */
  readonly filled: ReadonlySet<vscode.TextEditorDecorationType>;
}

export class TokenShading implements vscode.Disposable {
  readonly #types = new DecorationTypes();
  readonly #painted = new WeakMap<vscode.TextEditor, Painted>();
  readonly #waiting = new Set<vscode.TextEditor>();
  readonly #soon = new Soon(frame, () => this.#paintWaiting());
  readonly #listeners: vscode.Disposable[];

  constructor(
    private readonly documents: ScoredDocuments,
    private readonly reader: Reader,
    private readonly preferences: Preferences,
  ) {
    this.#listeners = [
      documents.onDidChange((scored) => this.#changed(scored)),
      documents.onDidClose((document) => {
        for (const editor of editorsOf(document)) this.#clear(editor);
      }),
      reader.onDidChange(() => this.#later(vscode.window.visibleTextEditors)),
      vscode.window.onDidChangeVisibleTextEditors((editors) =>
        this.#later(editors.filter((editor) => !this.#painted.has(editor))),
      ),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (!this.#covers(textEditor)) this.#later([textEditor]);
      }),
    ];
    this.#later(vscode.window.visibleTextEditors);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#soon.dispose();
    this.#types.dispose();
  }

  /** An edit is answered at once: what it changed has no scores now, and must not look as if it had. */
  #changed(scored: ScoredDocument): void {
    for (const editor of editorsOf(scored.document)) {
      const painted = this.#painted.get(editor);
      if (painted && painted.version !== scored.document.version) this.#paint(editor);
      else this.#later([editor]);
    }
  }

  #later(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) this.#waiting.add(editor);
    if (editors.length > 0) this.#soon.ask();
  }

  #paintWaiting(): void {
    const shown = new Set(vscode.window.visibleTextEditors);
    const waiting = [...this.#waiting].filter((editor) => shown.has(editor));
    this.#waiting.clear();
    for (const editor of waiting) this.#paint(editor);
  }

  #paint(editor: vscode.TextEditor): void {
    this.#waiting.delete(editor);
    const scored = this.documents.get(editor.document);
    const { shading } = this.preferences.chosen;
    if (!scored || shading === "off") {
      this.#clear(editor);
      return;
    }
    const { document } = editor;
    const spans = visibleSpans(editor, margin);
    const from = Math.min(...spans.map((span) => span.from));
    const to = Math.max(...spans.map((span) => span.to));
    const shades = shadesOf(nearestFirst(scored, editor), {
      shading,
      within: {
        start: document.offsetAt(new vscode.Position(from, 0)),
        end: document.offsetAt(document.lineAt(to).range.end),
      },
      limit: mostRanges,
      read: (completion) => this.reader.read(completion),
    });
    const filled = this.#apply(editor, shades);
    this.#painted.set(editor, { version: document.version, from, to, filled });
  }

  #apply(editor: vscode.TextEditor, shades: Shades): Set<vscode.TextEditorDecorationType> {
    const { document } = editor;
    const before = this.#painted.get(editor)?.filled;
    const filled = new Set<vscode.TextEditorDecorationType>();
    const set = (
      type: vscode.TextEditorDecorationType,
      ranges: vscode.Range[] | vscode.DecorationOptions[],
    ): void => {
      if (ranges.length > 0) filled.add(type);
      if (ranges.length > 0 || before?.has(type)) editor.setDecorations(type, ranges);
    };
    const place = (offsets: readonly OffsetRange[]): vscode.Range[] =>
      offsets.map((range) => rangeIn(document, range));
    this.#types.shades.forEach((type, shade) => {
      set(type, place(shades.units.get(shade) ?? []));
    });
    set(this.#types.prompt, place(shades.prompts));
    set(this.#types.marked, place(shades.marked));
    set(
      this.#types.problem,
      shades.problems.map(({ start, text }) => ({
        range: document.lineAt(document.positionAt(start).line).range,
        renderOptions: { after: { contentText: text } },
      })),
    );
    return filled;
  }

  #clear(editor: vscode.TextEditor): void {
    for (const type of this.#painted.get(editor)?.filled ?? []) editor.setDecorations(type, []);
    this.#painted.delete(editor);
  }

  #covers(editor: vscode.TextEditor): boolean {
    const painted = this.#painted.get(editor);
    if (!painted) return false;
    return visibleSpans(editor, ahead).every(({ from, to }) => painted.from <= from && to <= painted.to);
  }
}

/** Rows on screen, then those around them. */
function nearestFirst(scored: ScoredDocument, editor: vscode.TextEditor): Entry[] {
  const spans = [...visibleSpans(editor, 0), ...visibleSpans(editor, margin)];
  return distinct(spans.flatMap(({ from, to }) => scored.between(from, to)));
}

function editorsOf(document: vscode.TextDocument): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
}
