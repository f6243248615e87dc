/** A dataset file as rows of completions, whatever its format and the format of its rows. */
import type { FieldNames } from "../../protocol/datasets";
import { checkNames, checkRoles } from "./fields/fields";
import { RowProblem } from "./fields/values";
import { openReader } from "./files/format";
import type { RawRecord, RecordReader } from "./files/record";
import type { BadRow, DatasetRow } from "./rows/row";
import { isKnownName, type RowReading, readRecord, recordOf, rootOf } from "./rows/row-formats";

export interface DatasetOptions {
  readonly fields?: FieldNames;
  /** Rows at the start to pass over. */
  readonly skipRows?: number;
  /** Most rows to give; bad ones count. */
  readonly limit?: number;
}

export interface Dataset {
  /** What the first readable row looks like, as `preference pairs (prompt, chosen, rejected)`; undefined: there is none. */
  readonly shape: string | undefined;
  /** Whether that row is plain text rather than a conversation. */
  readonly isPlainText: boolean;
  /** Share of the rows asked for that is read, in [0,1]. */
  readonly fraction: number;
  /**
   * Rows in their order, a bad one as a BadRow. Numbers count from the start of the file. Starts over with every call.
   * Where the rest of the file cannot be read it throws InputError, after the rows before.
   */
  rows(): AsyncIterable<DatasetRow | BadRow>;
}

/** Rows looked at for the first that can be read. */
const mostPeeked = 1000;

/**
 * Throws InputError where the file is missing, empty or of no known format, and where it has no field of a name that
 * the user gave.
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

  get shape(): string | undefined {
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
      // Readers run ahead by a piece of the file, whose rows are given one by one.
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

/** The first row that can be read. The first record at all must have the fields that were named. */
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
