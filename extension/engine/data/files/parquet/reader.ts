/** Reads Parquet (https://parquet.apache.org/docs/file-format/) one slice of a row group at a time. */
import {
  type AsyncBuffer,
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { oneLine } from "../../../../display/one-line";
import { InputError, messageOf } from "../../../errors";
import type { RecordReader, Records } from "../record";
import type { SourceFile } from "../source-file";
import { openBytes } from "./bytes";
import { checkFooter, checkPages } from "./check";
import { codecs } from "./codecs";

/** Target size of a slice, in decompressed bytes. */
const sliceBytes = 32 * 2 ** 20;
/** Maximum decompressed bytes of a row group that cannot be sliced: one with lists and no page index. */
const mostAtOnce = 512 * 2 ** 20;
/** Maximum number of rows per slice. */
const mostRows = 10_000;

export class ParquetReader implements RecordReader {
  readonly isTable = false;
  #fraction = 0;

  constructor(private readonly file: SourceFile) {}

  get fraction(): number {
    return this.#fraction;
  }

  async *read(fromRow: number, isWanted: (field: string) => boolean = () => true): AsyncGenerator<Records> {
    this.#fraction = 0;
    const { bytes, close } = await openBytes(this.file);
    try {
      const { metadata, schema } = await this.#within(this.file.name, () => footerOf(bytes));
      const columns = schema.children.map(({ element }) => element.name).filter(isWanted);
      for (const group of groupsOf(metadata, columns)) {
        const place = `${this.file.name} row ${group.start}`;
        if (group.end <= fromRow) continue;
        await this.#within(place, async () => {
          for (const column of group.columns) await checkPages(bytes, column, schema);
        });
        for (const [start, end] of slicesOf(group, fromRow, place)) {
          yield await this.#within(`${this.file.name} row ${start}`, () =>
            this.#rows({ file: bytes, metadata, columns, rowStart: start, rowEnd: end }),
          );
          this.#fraction = end / Number(metadata.num_rows);
        }
      }
      this.#fraction = 1;
    } finally {
      await close();
    }
  }

  async #rows(range: Parameters<typeof parquetReadObjects>[0]): Promise<Records> {
    const { rowStart: start = 0, rowEnd: end = start } = range;
    const rows = await parquetReadObjects({ ...range, compressors: codecs, useOffsetIndex: true });
    if (rows.length !== end - start) throw new Error(`${end - start} rows expected, ${rows.length} found`);
    return rows.map((value, i) => ({ row: start + i, place: `${this.file.name} row ${start + i}`, value }));
  }

  /** Turns an error of the library into an InputError for the file. */
  async #within<T>(place: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new InputError(
        place,
        `the Parquet data is damaged or not supported (${oneLine(messageOf(error))})`,
      );
    }
  }
}

async function footerOf(bytes: AsyncBuffer): Promise<{ metadata: FileMetaData; schema: SchemaTree }> {
  const metadata = await parquetMetadataAsync(bytes, { geoparquet: false });
  checkFooter(metadata, bytes.byteLength);
  return { metadata, schema: parquetSchema(metadata) };
}

interface Group {
  /** Range [start,end) of rows in the file. */
  readonly start: number;
  readonly end: number;
  readonly columns: readonly ColumnMetaData[];
  /** Whether part of the rows can be read without the rest. */
  readonly isSliceable: boolean;
}

/** Yields the row groups, each with the columns of the given fields. */
function* groupsOf(metadata: FileMetaData, fields: readonly string[]): Generator<Group> {
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    const chunks = group.columns.filter(({ meta_data: column }) =>
      fields.includes(column?.path_in_schema[0] ?? ""),
    );
    // The library skips pages of flat columns, but needs a page index to know which rows a page of lists contains.
    const isSliceable = chunks.every(
      ({ meta_data: column, offset_index_length }) =>
        column?.path_in_schema.length === 1 || (offset_index_length ?? 0) > 0,
    );
    const columns = chunks.flatMap(({ meta_data: column }) => column ?? []);
    yield { start, end, columns, isSliceable };
    start = end;
  }
}

/** Yields ranges of rows that are small enough to keep in memory. */
function* slicesOf(group: Group, fromRow: number, place: string): Generator<readonly [number, number]> {
  const { start, end, columns, isSliceable } = group;
  const bytes = columns.reduce((total, column) => total + Number(column.total_uncompressed_size), 0);
  if (!isSliceable && bytes > mostAtOnce) {
    throw new InputError(
      place,
      `its row group contains more than ${mostAtOnce / 2 ** 20} MiB of lists: write the file with smaller row groups, or as JSONL`,
    );
  }
  const fitting = Math.floor(((end - start) * sliceBytes) / Math.max(1, bytes));
  const step = isSliceable ? Math.max(1, Math.min(fitting, mostRows)) : end - start;
  for (let at = Math.max(start, fromRow); at < end; at += step) yield [at, Math.min(at + step, end)];
}
