/** Reads JSON Lines: one object per line. Blank lines are skipped; they count as lines but not as rows. */
import { isUtf8 } from "node:buffer";
import { oneLine } from "../../../display/one-line";
import { messageOf } from "../../errors";
import type { BadRow } from "../rows/row";
import { longestRecord, type RawRecord, type RecordReader, type Records } from "./record";
import type { SourceFile } from "./source-file";

const newline = 0x0a;

export class JsonLinesReader implements RecordReader {
  readonly isTable = false;

  constructor(private readonly file: SourceFile) {}

  get fraction(): number {
    return this.file.fraction;
  }

  async *read(fromRow: number): AsyncGenerator<Records> {
    let row = 0;
    let line = 0;
    for await (const lines of linesOf(this.file.pieces())) {
      const records: (RawRecord | BadRow)[] = [];
      for (const bytes of lines) {
        line++;
        if (isBlank(bytes)) continue;
        if (row >= fromRow) records.push(recordOf(bytes, row, `${this.file.name}:${line}`));
        row++;
      }
      if (records.length > 0) yield records;
    }
  }
}

/** A line's bytes, or undefined if the line is too long to keep in memory. */
type Line = Buffer | undefined;

/** Yields lines without their newline, in one batch per piece of the file. */
async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<readonly Line[]> {
  let kept: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, start)) {
      keep(piece.subarray(start, end));
      lines.push(takeLine());
      start = end + 1;
    }
    if (start < piece.length) keep(piece.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [takeLine()];

  function keep(part: Buffer): void {
    length += part.length;
    if (length > longestRecord) kept = [];
    else kept.push(part);
  }

  function takeLine(): Line {
    const line = length > longestRecord ? undefined : kept.length === 1 ? kept[0] : Buffer.concat(kept);
    kept = [];
    length = 0;
    return line;
  }
}

function isBlank(line: Line): boolean {
  return line?.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d) ?? false;
}

function recordOf(line: Line, row: number, place: string): RawRecord | BadRow {
  if (!line) return { row, place, problem: `is longer than ${longestRecord / 2 ** 20} MiB` };
  if (!isUtf8(line)) return { row, place, problem: "is not UTF-8 text" };
  try {
    return { row, place, value: JSON.parse(line.toString()) };
  } catch (error) {
    return { row, place, problem: `is not valid JSON: ${jsonProblem(error)}` };
  }
}

/** Rewrites the parser's message so that it gives the position as a column of the line. */
export function jsonProblem(error: unknown): string {
  return oneLine(messageOf(error))
    .replace(/ \(line \d+ column \d+\)/, "")
    .replace(/ in JSON at position (\d+)/, (_, position) => ` at column ${Number(position) + 1}`)
    .replace(/ is not valid JSON$/, "");
}
