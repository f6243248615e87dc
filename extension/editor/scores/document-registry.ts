/** The open documents that are scored. */
import * as vscode from "vscode";
import type { Clock } from "../../scores/scheduler";
import type { OffsetRange } from "../documents/regions/region";
import { CarryOver } from "./carry-over";
import type { ScoredDocument } from "./scored-document";

/** State that outlives a document's object. */
interface Kept {
  readonly marked: readonly OffsetRange[] | undefined;
}

interface Registered {
  readonly scored: ScoredDocument;
  /** Aborted when the document is no longer scored. */
  readonly end: AbortController;
}

export class DocumentRegistry implements vscode.Disposable {
  readonly #documents = new Map<vscode.TextDocument, Registered>();
  readonly #adopted = new vscode.EventEmitter<ScoredDocument>();
  /** Fires when a scored document was reopened as another object, and stays scored. */
  readonly onDidAdopt = this.#adopted.event;
  readonly #removed = new vscode.EventEmitter<vscode.TextDocument>();
  /** Fires when a document is no longer scored. */
  readonly onDidRemove = this.#removed.event;
  readonly #carryOver: CarryOver<Kept>;
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    clock: Clock,
    private readonly make: (document: vscode.TextDocument) => ScoredDocument,
  ) {
    this.#carryOver = new CarryOver(() => clock.now());
    this.#listeners = [
      vscode.workspace.onDidCloseTextDocument((document) => this.#close(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.#adopt(document)),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) this.#carryOver.renamed(oldUri.toString(), newUri.toString());
        this.#adoptOpen();
      }),
    ];
  }

  get size(): number {
    return this.#documents.size;
  }

  get(document: vscode.TextDocument): ScoredDocument | undefined {
    return this.#documents.get(document)?.scored;
  }

  all(): ScoredDocument[] {
    return [...this.#documents.values()].map(({ scored }) => scored);
  }

  add(document: vscode.TextDocument): ScoredDocument {
    const known = this.get(document);
    if (known) return known;
    const scored = this.make(document);
    this.#documents.set(document, { scored, end: new AbortController() });
    return scored;
  }

  /** Returns a signal that aborts when the document is no longer scored. */
  signalOf({ document }: ScoredDocument): AbortSignal {
    return this.#documents.get(document)?.end.signal ?? AbortSignal.abort(new vscode.CancellationError());
  }

  remove(document: vscode.TextDocument): void {
    const known = this.#documents.get(document);
    if (!known) return;
    this.#documents.delete(document);
    known.end.abort(new vscode.CancellationError());
    this.#removed.fire(document);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const { end } of this.#documents.values()) end.abort(new vscode.CancellationError());
    this.#adopted.dispose();
    this.#removed.dispose();
  }

  #close(document: vscode.TextDocument): void {
    const scored = this.get(document);
    if (!scored) return;
    this.#carryOver.closed(document.uri.toString(), keptOf(scored));
    this.remove(document);
    this.#adoptOpen();
  }

  #adoptOpen(): void {
    for (const document of vscode.workspace.textDocuments) this.#adopt(document);
  }

  #adopt(document: vscode.TextDocument): void {
    if (document.isClosed || this.get(document)) return;
    const kept = this.#carryOver.take(document.uri.toString(), (uri) => {
      const scored = this.all().find((each) => each.document.uri.toString() === uri);
      return scored && keptOf(scored);
    });
    if (!kept) return;
    const scored = this.add(document);
    if (kept.marked) scored.rows.mark(kept.marked);
    this.#adopted.fire(scored);
  }
}

function keptOf({ rows }: ScoredDocument): Kept {
  return { marked: rows.marked };
}
