/** Shades the tokens of scored documents in the editors that show them. */
import * as vscode from "vscode";
import type { Preferences } from "../../../platform/settings/preferences";
import { Soon } from "../../../platform/soon";
import type { OffsetRange } from "../../documents/regions/region";
import { covers, type LineSpan, visibleSpans } from "../../scores/near-rows";
import type { Reader } from "../../scores/reader";
import { type RowEntry, rangeIn } from "../../scores/scored-document";
import type { DocumentView, DocumentViews } from "../document-views";
import { DecorationTypes } from "./decoration-types";
import { type Shades, shadesOf } from "./shades";

/** Maximum number of ranges per editor: more would slow typing down, and no screen shows that many. */
const mostRanges = 10_000;
/** Milliseconds; events of one frame are handled together. */
const frame = 30;

/** What is painted in an editor. */
interface Painted {
  readonly spans: readonly LineSpan[];
  /** Decoration types that have ranges. */
  readonly filled: ReadonlySet<vscode.TextEditorDecorationType>;
}

export class TokenShading implements vscode.Disposable {
  readonly #types = new DecorationTypes();
  readonly #painted = new WeakMap<vscode.TextEditor, Painted>();
  readonly #waiting = new Set<vscode.TextEditor>();
  readonly #soon = new Soon(frame, () => this.#paintWaiting());
  readonly #listeners: vscode.Disposable[];

  constructor(
    private readonly views: DocumentViews,
    private readonly reader: Reader,
    private readonly preferences: Preferences,
  ) {
    this.#listeners = [
      views.onDidChange((changed) => {
        for (const view of changed) this.#changed(view);
      }),
      views.onDidClose((document) => {
        for (const editor of editorsOf(document)) this.#clear(editor);
      }),
      vscode.window.onDidChangeVisibleTextEditors((editors) =>
        this.#later(editors.filter((editor) => !this.#painted.has(editor))),
      ),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        const painted = this.#painted.get(textEditor);
        if (painted && !covers(painted.spans, textEditor)) this.#later([textEditor]);
      }),
    ];
    this.#later(vscode.window.visibleTextEditors);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#soon.dispose();
    this.#types.dispose();
  }

  #changed({ document }: DocumentView): void {
    for (const editor of editorsOf(document)) this.#paint(editor);
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
    const view = this.views.get(editor.document);
    const { shading } = this.preferences.chosen;
    if (!view || shading === "off") {
      this.#clear(editor);
      return;
    }
    const { document, spans } = view;
    const [first, last] = [spans[0], spans.at(-1)];
    if (!first || !last) return;
    const shades = shadesOf(nearestFirst(view, editor), {
      shading,
      within: {
        start: document.offsetAt(new vscode.Position(first.from, 0)),
        end: document.offsetAt(document.lineAt(last.to).range.end),
      },
      limit: mostRanges,
      read: (completion) => this.reader.read(completion),
    });
    const filled = this.#apply(editor, shades);
    this.#painted.set(editor, { spans, filled });
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
}

/** Orders rows on the screen before those around them. */
function nearestFirst({ document, near }: DocumentView, editor: vscode.TextEditor): RowEntry[] {
  const seen = visibleSpans(editor, 0).map(({ from, to }) => ({
    start: document.offsetAt(new vscode.Position(from, 0)),
    end: document.offsetAt(document.lineAt(to).range.end),
  }));
  const isSeen = ({ region }: RowEntry): boolean =>
    seen.some(({ start, end }) => region.start <= end && start <= region.end);
  return [...near.filter(isSeen), ...near.filter((entry) => !isSeen(entry))];
}

function editorsOf(document: vscode.TextDocument): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
}
