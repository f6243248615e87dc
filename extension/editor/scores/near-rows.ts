/** Rows near the screen. */
import * as vscode from "vscode";
import type { RowEntry, ScoredDocument } from "./scored-document";

/** Limits of a small document. */
const manyLines = 2000;
const manyCharacters = 2e6;
/** Lines above and below the visible ones that are near. */
const around = 100;
/** Lines above and below the visible ones that must be covered, so that a scroll does not leave them. */
const ahead = 20;

export interface LineSpan {
  readonly from: number;
  readonly to: number;
}

/** Whether a document is small enough that all its rows get lenses, marks and problems. */
export function isSmallDocument(document: vscode.TextDocument): boolean {
  const last = document.lineAt(document.lineCount - 1);
  return document.lineCount <= manyLines && document.offsetAt(last.range.end) <= manyCharacters;
}

/** Returns the lines near the visible parts of a document, in order and without overlap. */
export function nearSpans(document: vscode.TextDocument): LineSpan[] {
  const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
  return joined(editors.flatMap((editor) => visibleSpans(editor, around)));
}

/** Returns the rows that have a line in one of the spans, in order. */
export function entriesNear(
  scored: ScoredDocument,
  spans: readonly LineSpan[] = nearSpans(scored.document),
): RowEntry[] {
  return distinct(spans.flatMap(({ from, to }) => scored.between(from, to)));
}

/** Returns the lines that an editor shows, with `margin` lines above and below. */
export function visibleSpans(editor: vscode.TextEditor, margin: number): LineSpan[] {
  return editor.visibleRanges.map(({ start, end }) => ({
    from: Math.max(0, start.line - margin),
    to: Math.min(editor.document.lineCount - 1, end.line + margin),
  }));
}

/** Whether the spans contain the lines that an editor shows, and the next ones above and below. */
export function covers(spans: readonly LineSpan[], editor: vscode.TextEditor): boolean {
  return visibleSpans(editor, ahead).every(({ from, to }) =>
    spans.some((span) => span.from <= from && to <= span.to),
  );
}

function joined(spans: readonly LineSpan[]): LineSpan[] {
  const result: LineSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to + 1)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else result.push(span);
  }
  return result;
}

/** Removes duplicates: a row of many lines may be in two spans. */
function distinct(entries: readonly RowEntry[]): RowEntry[] {
  const seen = new Set<number>();
  return entries.filter(({ region }) => {
    const isNew = !seen.has(region.start);
    seen.add(region.start);
    return isNew;
  });
}
