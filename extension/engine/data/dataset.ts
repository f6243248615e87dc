/** A dataset file as rows of completions, for every file format and row format. */
import type { FieldNames } from "../../protocol/datasets";
import { checkNames, checkRoles } from "./fields/fields";
import { RowProblem } from "./fields/values";
import { openReader } from "./files/format";
import type { RawRecord, RecordReader } from "./files/record";
import type { BadRow, DatasetRow } from "./rows/row";
import { isKnownName, type RowReading, readRecord, recordOf, rootOf } from "./rows/row-formats";

export interface DatasetOptions {
  readonly fields?: FieldNames;
  /** Number of rows to skip at the start. */
  readonly skipRows?: number;
  /** Maximum number of rows, including bad ones. */
  readonly limit?: number;
}

export interface Dataset {
  /**
   * The first readable row's format, such as `preference pairs (prompt, chosen, rejected)`, or undefined if no row is
   * readable.
   */
  readonly rowFormat: string | undefined;
  /** Whether that row is plain text rather than a conversation. */
  readonly isPlainText: boolean;
  /** Fraction of the requested rows read so far, in [0,1]. */
  readonly fraction: number;
  /**
   * Rows in file order, with a BadRow for each bad one, numbered from the start of the file. Each call starts over.
   * Throws InputError after the last readable row if the rest of the file cannot be read.
   */
  rows(): AsyncIterable<DatasetRow | BadRow>;
}

/** Maximum number of rows to search for the first readable one. */
const mostPeeked = 1000;

/**
 * Throws InputError if the file is missing, empty or of an unknown format, or lacks a field that the user named.
 */
export async function openDataset(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  const names = options.fields ?? {};
  checkRoles(names);
  const reader = await openReader(path);
  return new OpenDataset(reader, options, await peek(reader, names));
}

class OpenDataset implements Dataset {
  #given = 0;
  #fraction = 0;

  constructor(
    private readonly reader: RecordReader,
    private readonly options: DatasetOptions,
    private readonly first: RowReading | undefined,
  ) {}

  get rowFormat(): string | undefined {
    return this.first && `${this.first.kind} (${this.first.used.join(", ")})`;
  }

  get isPlainText(): boolean {
    return this.first?.completions.every(({ completion }) => typeof completion === "string") ?? false;
  }

  get fraction(): number {
    return this.#fraction;
  }

  async *rows(): AsyncGenerator<DatasetRow | BadRow> {
    const { fields = {}, skipRows = 0, limit = Infinity } = this.options;
    this.#given = 0;
    this.#fraction = 0;
    if (limit <= 0) return;
    const named = Object.values(fields).flatMap((name) => [name, rootOf(name)]);
    const isWanted = (name: string): boolean =>
      this.first === undefined || isKnownName(name) || named.includes(name);
    for await (const records of this.reader.read(skipRows, isWanted)) {
      // Readers read ahead by one chunk of the file, whose rows are yielded one by one.
      const before = this.#fraction;
      const step = (this.reader.fraction - before) / records.length;
      for (const [i, record] of records.entries()) {
        this.#given++;
        this.#fraction = Math.min(1, Math.max(before + step * (i + 1), this.#given / limit));
        yield rowOf(record, fields, this.reader.isTable);
        if (this.#given >= limit) return;
      }
    }
  }
}

function rowOf(record: RawRecord | BadRow, names: FieldNames, isTable: boolean): DatasetRow | BadRow {
  if ("problem" in record) return record;
  const { row, place } = record;
  try {
    const { completions, values } = readRecord(record.value, names, isTable);
    return { row, place, completions, ...values };
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return { row, place, problem: error.message, ...(error.detail && { detail: error.detail }) };
  }
}

/** Finds the first readable row. Throws InputError if the first record lacks a field that the user named. */
async function peek(reader: RecordReader, names: FieldNames): Promise<RowReading | undefined> {
  let peeked = 0;
  let isChecked = false;
  for await (const records of reader.read(0)) {
    for (const record of records) {
      if (++peeked > mostPeeked) return undefined;
      if ("problem" in record) continue;
      try {
        if (!isChecked) checkNames(names, recordOf(record.value), record.place);
        isChecked = true;
        return readRecord(record.value, names, reader.isTable);
      } catch (error) {
        if (!(error instanceof RowProblem)) throw error;
      }
    }
  }
  return undefined;
}
