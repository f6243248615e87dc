/** Rows of a document that are worth a lens or a diagnostic: all of a small one, of a large one those near the screen. */
import * as vscode from "vscode";
import type { Entry, ScoredDocument } from "./scored-document";

/** Documents up to here are small. */
const manyLines = 2000;
const manyCharacters = 2e6;
/** Lines around what is visible. */
const around = 100;

export interface LineSpan {
  readonly from: number;
  readonly to: number;
}

export function entriesNear(scored: ScoredDocument): Entry[] {
  const { document } = scored;
  const last = document.lineAt(document.lineCount - 1);
  if (document.lineCount <= manyLines && document.offsetAt(last.range.end) <= manyCharacters)
    return scored.all();
  const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
  const spans = joined(editors.flatMap((editor) => visibleSpans(editor, around)));
  return distinct(spans.flatMap(({ from, to }) => scored.between(from, to)));
}

/** Lines that an editor shows, and `margin` lines around them. */
export function visibleSpans(editor: vscode.TextEditor, margin: number): LineSpan[] {
  return editor.visibleRanges.map(({ start, end }) => ({
    from: Math.max(0, start.line - margin),
    to: Math.min(editor.document.lineCount - 1, end.line + margin),
  }));
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

/** A row of many lines may lie in two spans. */
export function distinct(entries: readonly Entry[]): Entry[] {
  const seen = new Set<number>();
  return entries.filter(({ region }) => {
    const isNew = !seen.has(region.start);
    seen.add(region.start);
    return isNew;
  });
}
