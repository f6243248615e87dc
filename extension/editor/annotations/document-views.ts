/** One view per document, so that shading, lenses, hints, problems and marks read the same rows and spans. */
import * as vscode from "vscode";
import { systemClock } from "../../platform/clock";
import { covers, entriesNear, isSmallDocument, type LineSpan, nearSpans } from "../scores/near-rows";
import type { Reader } from "../scores/reader";
import type { RowEntry, ScoredDocument } from "../scores/scored-document";
import type { ScoredDocuments } from "../scores/scored-documents";
import { Derived } from "./derived";
import { type PlacedSpan, placedSpans } from "./low-spans";

/** Milliseconds; changes within one frame are handled together. */
const frame = 30;

/** The rows of a document at one moment, with their scores. Each part is computed on first use. */
export class DocumentView {
  /** Version of the document. */
  readonly version: number;
  /** Lines that `near` covers. */
  readonly spans: readonly LineSpan[];
  #near: readonly RowEntry[] | undefined;
  #entries: readonly RowEntry[] | undefined;
  #lowSpans: readonly PlacedSpan[] | undefined;

  constructor(
    readonly scored: ScoredDocument,
    private readonly reader: Reader,
  ) {
    this.version = scored.document.version;
    this.spans = nearSpans(scored.document);
  }

  get document(): vscode.TextDocument {
    return this.scored.document;
  }

  /** Rows on and near the screen, in order. */
  get near(): readonly RowEntry[] {
    this.#near ??= entriesNear(this.scored, this.spans);
    return this.#near;
  }

  /** All rows of a small document, or the rows of a large one that are near the screen, in order. */
  get entries(): readonly RowEntry[] {
    this.#entries ??= isSmallDocument(this.document) ? this.scored.all() : this.near;
    return this.#entries;
  }

  /** Low spans in these rows, in order. */
  get lowSpans(): readonly PlacedSpan[] {
    this.#lowSpans ??= placedSpans(this.entries, (completion) => this.reader.readLow(completion));
    return this.#lowSpans;
  }
}

export class DocumentViews implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<readonly DocumentView[]>();
  /** Fires at once after an edit, and once per frame for all other changes. */
  readonly onDidChange = this.#changed.event;
  readonly #derived: Derived<ScoredDocument, DocumentView>;
  /** Version of each document when the event last fired for it. */
  readonly #told = new WeakMap<ScoredDocument, number>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    private readonly documents: ScoredDocuments,
    reader: Reader,
  ) {
    this.#derived = new Derived({
      clock: systemClock,
      delay: frame,
      derive: (scored) => new DocumentView(scored, reader),
      tell: (changed) => this.#tell(changed),
    });
    this.#listeners = [
      documents.onDidChange((scored) => this.#change(scored)),
      reader.onDidChange(() => {
        for (const scored of documents.all()) this.#derived.changed(scored);
      }),
      documents.onDidClose(() => this.#derived.keep(documents.all())),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#look(textEditor)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.#look(editor);
      }),
    ];
  }

  /** Fires when a document is no longer scored. */
  get onDidClose(): vscode.Event<vscode.TextDocument> {
    return this.documents.onDidClose;
  }

  /** Returns undefined if the document is not scored. */
  get(document: vscode.TextDocument): DocumentView | undefined {
    const scored = this.documents.get(document);
    return scored && this.#derived.get(scored);
  }

  all(): DocumentView[] {
    return this.documents.all().map((scored) => this.#derived.get(scored));
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#derived.dispose();
    this.#changed.dispose();
  }

  /** Fires at once after an edit: a row that was changed has no scores, and must not look as if it had. */
  #change(scored: ScoredDocument): void {
    const told = this.#told.get(scored);
    if (told === undefined || told === scored.document.version) this.#derived.changed(scored);
    else this.#derived.changedNow(scored);
  }

  #tell(changed: readonly ScoredDocument[]): void {
    const open = changed.filter(({ document }) => this.documents.get(document));
    for (const scored of open) this.#told.set(scored, scored.document.version);
    this.#changed.fire(open.map((scored) => this.#derived.get(scored)));
  }

  #look(editor: vscode.TextEditor): void {
    const view = this.get(editor.document);
    if (view && !covers(view.spans, editor)) this.#derived.changed(view.scored);
  }
}
