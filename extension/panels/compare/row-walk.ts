/** Moves the compare panel through the rows of a file: next, previous, next misranked, or the row at the cursor. */
import type * as vscode from "vscode";
import type { BadRegion, Region } from "../../editor/documents/regions/region";
import type { ScoredDocument } from "../../editor/scores/scored-document";
import type { ScoredDocuments } from "../../editor/scores/scored-documents";
import { completionAt } from "./comparison";
import { type CompletionFinder, locatedOf } from "./completion-finder";
import { nextMisranked } from "./misranked";
import { RowOrder } from "./row-order";
import type { Subject } from "./subject";

export type Direction = "next" | "previous" | "next-misranked";

/** Position among the rows of a document; `index` counts from 0. */
export interface Position {
  readonly index: number;
  readonly count: number;
}

export class RowWalk {
  readonly #orders = new WeakMap<ScoredDocument, RowOrder>();

  constructor(
    private readonly finder: Pick<CompletionFinder, "scored">,
    private readonly documents: Pick<ScoredDocuments, "get" | "scoreRows">,
  ) {}

  /** The subject in a direction; undefined if there is none. Rejects with CancellationError if the user cancels. */
  async neighbor(subject: Subject, to: Direction): Promise<Subject | undefined> {
    const { uri, offset } = locatedOf(subject);
    const scored = await this.finder.scored(uri);
    const order = this.#order(scored);
    const at = order.indexAt(offset);
    const index = completionIndex(order.row(at), offset);
    const row =
      to === "next-misranked"
        ? await nextMisranked(this.documents, scored, order, at)
        : order.row(to === "next" ? at + 1 : at - 1);
    if (!row) return undefined;
    const next = { uri, offset: offsetOf(row, index) };
    return subject.kind === "models" ? { ...subject, at: next } : { kind: "row", at: next };
  }

  /** The subject at the cursor of an editor; undefined if the panel does not follow it. */
  follow(
    subject: Subject | undefined,
    { document, selection }: Pick<vscode.TextEditor, "document" | "selection">,
  ): Subject | undefined {
    if (subject?.kind === "completions" || !this.documents.get(document)) return undefined;
    const at = { uri: document.uri.toString(), offset: document.offsetAt(selection.active) };
    return subject?.kind === "models" ? { ...subject, at } : { kind: "row", at };
  }

  /** Position of the row at an offset; null if the document has only one row. */
  position(scored: ScoredDocument, offset: number): Position | null {
    const order = this.#order(scored);
    const { count } = order;
    return count > 1 ? { index: order.indexAt(offset), count } : null;
  }

  #order(scored: ScoredDocument): RowOrder {
    const order = this.#orders.get(scored) ?? new RowOrder(scored.rows);
    this.#orders.set(scored, order);
    return order;
  }
}

/** Index of the completion of a row at an offset; 0 if the row cannot be read. */
function completionIndex(row: Region | BadRegion | undefined, offset: number): number {
  return row && "row" in row ? completionAt(row, offset) : 0;
}

/** Offset at which a completion of a row begins in the document, or else the row. */
function offsetOf(row: Region | BadRegion, index: number): number {
  const first = "row" in row ? row.completions[index]?.texts[0] : undefined;
  return row.start + (first?.at(0) ?? 0);
}
