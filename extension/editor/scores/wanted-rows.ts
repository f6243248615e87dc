/** The rows that the editors want scored. */
import * as vscode from "vscode";
import type { Wants } from "../../scores/scheduler";
import type { KeyedRow } from "../../scores/score-requests";
import type { BadRegion, Region } from "../documents/regions/region";
import { visibleSpans } from "./near-rows";
import type { ScoredDocument } from "./scored-document";

/** Lines above and below the visible ones that are scored too. */
const margin = 30;

export function keyedRow({ key, row, start, end }: Region): KeyedRow {
  return { key, row, characters: end - start };
}

/** Returns the rows without scores in all editors that show scored documents. */
export function wantsOf(scoredOf: (document: vscode.TextDocument) => ScoredDocument | undefined): Wants {
  const seen = new Set<string>();
  const open = (lines: number): KeyedRow[] =>
    vscode.window.visibleTextEditors.flatMap((editor) => {
      const scored = scoredOf(editor.document);
      if (!scored) return [];
      return visibleSpans(editor, lines)
        .flatMap(({ from, to }) => waiting(scored, scored.rows.between(from, to)))
        .filter(({ key }) => !seen.has(key) && seen.add(key));
    });
  return { visible: open(0), around: open(margin) };
}

/** Returns the visible rows of a document that have no scores. */
export function visibleRows(scored: ScoredDocument): KeyedRow[] {
  return vscode.window.visibleTextEditors
    .filter(({ document }) => document === scored.document)
    .flatMap((editor) => visibleSpans(editor, 0))
    .flatMap(({ from, to }) => waiting(scored, scored.rows.between(from, to)));
}

/** Returns those of the rows that have no scores yet. */
export function waiting(scored: ScoredDocument, rows: readonly (Region | BadRegion)[]): KeyedRow[] {
  return rows.flatMap((row) => {
    const entry = scored.entry(row);
    return entry.kind === "waiting" ? [keyedRow(entry.region)] : [];
  });
}
