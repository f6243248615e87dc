/**
 * The cells of a CSV or TSV document and their places. They are read as the engine reads them: by RFC 4180
 * (https://www.rfc-editor.org/rfc/rfc4180), with a misplaced quote as an ordinary character.
 */
import type { WrittenString } from "../locator";
import { mapOfQuotedCell } from "../source-map";

/** One cell; its offsets count in the document. */
export interface CellSpan {
  readonly start: number;
  readonly end: number;
  /** Offset of the closing quote; undefined if the cell does not begin with a quote. */
  readonly close?: number;
}

export interface TableRecord {
  readonly start: number;
  /** End without the line end. */
  readonly end: number;
  readonly cells: readonly CellSpan[];
  /** Whether a quote is never closed, so that the rest of the document is in the last cell. */
  readonly isOpen: boolean;
}

const [quote, newline, carriageReturn] = [0x22, 0x0a, 0x0d];

/** Yields all records, including the header and blank lines. */
export function* recordsOf(text: string, delimiter: string, from: number): Generator<TableRecord> {
  const mark = delimiter.charCodeAt(0);
  let at = from;
  while (at < text.length) {
    const start = at;
    const cells: CellSpan[] = [];
    for (;;) {
      const cell = cellAt(text, mark, at);
      if (!cell) {
        cells.push({ start: at, end: text.length });
        yield { start, end: text.length, cells, isOpen: true };
        return;
      }
      cells.push(cell);
      at = cell.end;
      if (text.charCodeAt(at) !== mark) break;
      at++;
    }
    yield { start, end: at, cells, isOpen: false };
    at += lineEndAt(text, at);
  }
}

/** Returns undefined if the cell's quote is never closed. */
function cellAt(text: string, mark: number, start: number): CellSpan | undefined {
  if (text.charCodeAt(start) !== quote) return { start, end: endOfPlain(text, mark, start) };
  let close = start + 1;
  for (;;) {
    close = text.indexOf('"', close);
    if (close < 0) return undefined;
    if (text.charCodeAt(close + 1) !== quote) break;
    close += 2;
  }
  return { start, end: endOfPlain(text, mark, close + 1), close };
}

/** Returns the end of a cell that is not quoted from an offset on. */
function endOfPlain(text: string, mark: number, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== mark && lineEndAt(text, at) === 0) at++;
  return at;
}

/** Returns the length of the line end at an offset, or 0; a lone carriage return is not a line end. */
function lineEndAt(text: string, at: number): 0 | 1 | 2 {
  const code = text.charCodeAt(at);
  if (code === newline) return 1;
  return code === carriageReturn && text.charCodeAt(at + 1) === newline ? 2 : 0;
}

/** Returns the text of a cell, with the places of its characters. */
export function cellText(text: string, { start, end, close }: CellSpan): WrittenString {
  if (close === undefined) return { text: text.slice(start, end), at: (offset) => start + offset };
  const body = text.slice(start + 1, close).replaceAll('""', '"');
  const map = mapOfQuotedCell(text, start + 1, close);
  const rest = text.slice(close + 1, end);
  // The engine treats a quote before NUL as a closing quote.
  const isClosing = rest === "" || rest.startsWith("\0");
  if (isClosing) {
    const at = (offset: number): number =>
      offset <= body.length && (offset < body.length || rest === "")
        ? map.at(offset)
        : close + 1 + offset - body.length;
    return { text: body + rest, at };
  }
  // If text follows the second quote, neither quote is part of the syntax.
  return {
    text: `"${body}"${rest}`,
    at: (offset) => (offset === 0 ? start : map.at(offset - 1)),
  };
}
