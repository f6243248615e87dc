/** The rows of a CSV or TSV document. All are located at once, and each is read on first use. */
import type { FieldPath } from "../../../../engine/data/fields/text";
import { headerProblem, isBlankRecord, recordProblem } from "../../../../engine/data/files/table-rules";
import { type FieldChoice, noFields } from "../field-choice";
import { stringWithin } from "../json/json-locator";
import { LineCounter } from "../line-counter";
import type { Locator, WrittenString } from "../locator";
import type { BadRegion, Region } from "../region";
import { rowRegion } from "../row-region";
import { textStart } from "../text-start";
import { cellText, recordsOf, type TableRecord } from "./cells";

interface Row extends TableRecord {
  readonly row: number;
  /** 1-based line of the document. */
  readonly line: number;
}

export class TableDocument {
  readonly #header: readonly string[] | undefined;
  readonly #rows: readonly Row[];
  /** The place from which the document cannot be read. */
  readonly #end: BadRegion | undefined;
  readonly #regions = new Map<number, Region | BadRegion>();

  /** @param name name of the file, for messages */
  constructor(
    private readonly text: string,
    delimiter: string,
    private readonly name: string,
    private readonly fields: FieldChoice = noFields,
  ) {
    const lines = new LineCounter(text);
    const rows: Row[] = [];
    for (const record of recordsOf(text, delimiter, textStart(text))) {
      if (record.isOpen) {
        const problem = "has a quote that is never closed; what follows cannot be read";
        this.#end = { start: record.start, end: record.end, problem };
        break;
      }
      if (isBlank(text, record)) continue;
      if (this.#header) rows.push({ ...record, row: rows.length, line: lines.lineAt(record.start) });
      else {
        this.#header = record.cells.map((cell) => cellText(text, cell).text);
        const problem = headerProblem(this.#header);
        if (problem === undefined) continue;
        this.#end = { start: record.start, end: record.end, problem };
        break;
      }
    }
    this.#rows = rows;
  }

  /** Returns the rows that have a character in [start, end], in order. */
  between(start: number, end: number): (Region | BadRegion)[] {
    const found = this.#rows
      .filter((row) => row.start <= end && row.end >= start)
      .map((row) => this.#read(row));
    const last = this.#end;
    return last && last.start <= end && last.end >= start ? [...found, last] : found;
  }

  #read(row: Row): Region | BadRegion {
    const known = this.#regions.get(row.row);
    if (known) return known;
    const region = { ...this.#regionOf(row), start: row.start, end: row.end };
    this.#regions.set(row.row, region);
    return region;
  }

  #regionOf({ row, line, start, end, cells }: Row): Region | BadRegion {
    const header = this.#header ?? [];
    const problem = recordProblem(cells.length, header.length);
    if (problem !== undefined) return { start, end, problem };
    const source = this.text.slice(start, end);
    const strings = new Map(
      cells.map((cell, i) => {
        const close = cell.close === undefined ? {} : { close: cell.close - start };
        return [header[i], cellText(source, { start: cell.start - start, end: cell.end - start, ...close })];
      }),
    );
    const value = Object.fromEntries([...strings].map(([name, { text }]) => [name, text]));
    const place = { row, place: `${this.name}:${line}` };
    const locator = new CellLocator(strings);
    return rowRegion({ value, isTable: true, locator, length: source.length }, place, this.fields);
  }
}

/** Whether a table has no row and no error. Stops at the first. */
export function isEmptyTable(text: string, delimiter: string): boolean {
  let header: readonly string[] | undefined;
  for (const record of recordsOf(text, delimiter, textStart(text))) {
    if (record.isOpen) return false;
    if (isBlank(text, record)) continue;
    if (header) return false;
    header = record.cells.map((cell) => cellText(text, cell).text);
    if (headerProblem(header) !== undefined) return false;
  }
  return true;
}

function isBlank(text: string, { cells }: TableRecord): boolean {
  const [only] = cells;
  return only !== undefined && isBlankRecord(cells.length, cellText(text, only).text.length);
}

/** Finds strings in cells, and in JSON inside cells. */
class CellLocator implements Locator {
  constructor(private readonly cells: ReadonlyMap<unknown, WrittenString>) {}

  locate([name, ...path]: FieldPath): WrittenString | undefined {
    const cell = this.cells.get(name);
    if (!cell || path.length === 0) return cell;
    return path[0] === null ? stringWithin(cell, path.slice(1)) : undefined;
  }
}
