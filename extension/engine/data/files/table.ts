/** Reads CSV and TSV: a header, then one record per row (https://www.rfc-editor.org/rfc/rfc4180). */
import { isUtf8 } from "node:buffer";
import { Parser } from "csv-parse";
import { oneLine } from "../../../display/one-line";
import { InputError, messageOf } from "../../errors";
import type { BadRow } from "../rows/row";
import { longestRecord, type RawRecord, type RecordReader, type Records } from "./record";
import type { SourceFile } from "./source-file";
import { headerProblem, isBlankRecord, recordProblem } from "./table-rules";

type Cells = readonly Uint8Array[];

export class TableReader implements RecordReader {
  readonly isTable = true;

  constructor(
    private readonly file: SourceFile,
    /** A single character. */
    private readonly delimiter: string,
  ) {}

  get fraction(): number {
    return this.file.fraction;
  }

  async *read(fromRow: number): AsyncGenerator<Records> {
    const { name } = this.file;
    let header: readonly string[] | undefined;
    let row = 0;
    let line = 1;
    for await (const lines of this.#records(() => line)) {
      const records: (RawRecord | BadRow)[] = [];
      for (const cells of lines) {
        const start = line;
        line += 1 + cells.reduce((total, cell) => total + newlinesIn(cell), 0);
        if (isBlankRecord(cells.length, cells[0]?.length ?? 0)) continue;
        if (!header) header = headerOf(cells, `${name}:${start}`);
        else {
          if (row >= fromRow) records.push(recordOf(header, cells, row, `${name}:${start}`));
          row++;
        }
      }
      if (records.length > 0) yield records;
    }
  }

  /**
   * Yields all records, including the header and blank lines.
   *
   * @param line gives the line where the next record starts
   */
  async *#records(line: () => number): AsyncGenerator<readonly Cells[]> {
    let records: Cells[] = [];
    const parser = new Parser({
      delimiter: this.delimiter,
      record_delimiter: ["\r\n", "\n"],
      // Keeps cells as bytes, so that invalid UTF-8 can be detected.
      encoding: null,
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: 0,
      // Records are taken here because the stream drops buffered ones if the file is truncated.
      on_record: (record: readonly unknown[]) => {
        records.push(record.filter((cell) => cell instanceof Uint8Array));
        return null;
      },
    });
    let fault: Error | undefined;
    parser.on("error", (error) => {
      fault ??= error;
    });
    const taken = (): Cells[] => {
      const all = records;
      records = [];
      return all;
    };
    const check = (): void => {
      if (!fault) return;
      const isOpen = "code" in fault && fault.code === "CSV_QUOTE_NOT_CLOSED";
      const problem = isOpen ? "has a quote that is never closed" : oneLine(messageOf(fault));
      throw new InputError(`${this.file.name}:${line()}`, problem);
    };
    let unused = 0;
    try {
      for await (const piece of this.file.pieces()) {
        await new Promise<void>((resolve) => parser.write(piece, () => resolve()));
        unused = records.length > 0 ? 0 : unused + piece.length;
        yield taken();
        check();
        if (unused > longestRecord) {
          throw new InputError(
            `${this.file.name}:${line()}`,
            `a row is longer than ${longestRecord / 2 ** 20} MiB: look for a quote that is never closed`,
          );
        }
      }
      await new Promise<void>((resolve) => parser.once("error", () => resolve()).end(resolve));
      yield taken();
      check();
    } finally {
      parser.destroy();
    }
  }
}

function headerOf(cells: Cells, place: string): readonly string[] {
  const names = textsOf(cells);
  if (!names) throw new InputError(place, "the header is not UTF-8 text: save the table as UTF-8");
  const problem = headerProblem(names);
  if (problem !== undefined) throw new InputError(place, problem);
  return names;
}

function recordOf(header: readonly string[], cells: Cells, row: number, place: string): RawRecord | BadRow {
  const problem = recordProblem(cells.length, header.length);
  if (problem !== undefined) return { row, place, problem };
  const texts = textsOf(cells);
  if (!texts) return { row, place, problem: "is not UTF-8 text" };
  return { row, place, value: Object.fromEntries(header.map((name, i) => [name, texts[i]])) };
}

function textsOf(cells: Cells): readonly string[] | undefined {
  return cells.every((cell) => isUtf8(cell)) ? cells.map(decoded) : undefined;
}

function decoded({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString();
}

function newlinesIn(cell: Uint8Array): number {
  let count = 0;
  for (let at = cell.indexOf(0x0a); at >= 0; at = cell.indexOf(0x0a, at + 1)) count++;
  return count;
}
