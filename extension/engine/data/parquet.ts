/** Parquet (https://parquet.apache.org/docs/file-format/), read a slice of a row group at a time. */
import { open } from "node:fs/promises";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { InputError, messageOf } from "../errors";
import type { RecordReader, Records } from "./record";
import type { SourceFile } from "./source-file";
import { oneLine } from "./wording";

/** Bytes of values, unpacked, to hold at a time. */
const sliceBytes = 32 * 2 ** 20;
/** Bytes of values, unpacked, of what can only be read at once: a row group with lists in it and no page index. */
const mostAtOnce = 512 * 2 ** 20;
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
    const { bytes, close } = this.file.isGzip ? await inMemory(this.file) : await onDisk(this.file);
    try {
      const metadata = await this.#metadata(bytes);
      const all = parquetSchema(metadata).children.map(({ element }) => element.name);
      const columns = new Set(all.filter(isWanted));
      const total = Number(metadata.num_rows);
      for (const { start, end } of slicesOf(metadata, columns, fromRow, this.file.name)) {
        const rows = await parquetReadObjects({
          file: bytes,
          metadata,
          columns: [...columns],
          rowStart: start,
          rowEnd: end,
          compressors: allCompressors,
          useOffsetIndex: true,
        }).catch((error: unknown) => {
          throw broken(`${this.file.name} row ${start}`, error);
        });
        if (rows.length !== end - start) {
          throw broken(
            `${this.file.name} row ${start}`,
            new Error(`${end - start} rows announced, ${rows.length} there`),
          );
        }
        this.#fraction = end / total;
        yield rows.map((value, i) => ({
          row: start + i,
          place: `${this.file.name} row ${start + i}`,
          value,
        }));
      }
      this.#fraction = 1;
    } finally {
      await close();
    }
  }

  async #metadata(bytes: AsyncBuffer): Promise<FileMetaData> {
    try {
      const metadata = await parquetMetadataAsync(bytes);
      check(metadata, bytes.byteLength);
      return metadata;
    } catch (error) {
      throw broken(this.file.name, error);
    }
  }
}

/** Node's own are quicker than the library's. */
const allCompressors: typeof compressors = {
  ...compressors,
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
};

interface Opened {
  readonly bytes: AsyncBuffer;
  readonly close: () => Promise<void>;
}

async function onDisk({ path, name }: SourceFile): Promise<Opened> {
  const handle = await open(path).catch((error: unknown) => {
    throw new InputError(name, `cannot be read (${messageOf(error)})`);
  });
  const { size } = await handle.stat();
  const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
    checkRange(start, end, size);
    const buffer = new ArrayBuffer(end - start);
    for (let done = 0; done < buffer.byteLength; ) {
      const { bytesRead } = await handle.read(new Uint8Array(buffer, done), { position: start + done });
      if (bytesRead === 0) throw new Error("the file has become shorter");
      done += bytesRead;
    }
    return buffer;
  };
  return { bytes: { byteLength: size, slice }, close: () => handle.close() };
}

/** Parquet is read from its end, and a gzip only from its start: gzipped Parquet is unpacked into memory. */
async function inMemory(file: SourceFile): Promise<Opened> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of file.pieces()) {
    length += piece.length;
    if (length > mostAtOnce) {
      throw new InputError(
        file.name,
        `is Parquet in a gzip and larger than ${mostAtOnce / 2 ** 20} MiB: unpack it first with gunzip`,
      );
    }
    pieces.push(piece);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  const slice = (start: number, end = length): ArrayBuffer => {
    checkRange(start, end, length);
    return all.buffer.slice(start, end);
  };
  return { bytes: { byteLength: length, slice }, close: async () => undefined };
}

function checkRange(start: number, end: number, size: number): void {
  if (!(start >= 0 && start <= end && end <= size)) throw new Error("it points outside the file");
}

/** What a broken footer could say that would make reading go astray. */
function check(metadata: FileMetaData, size: number): void {
  let rows = 0n;
  for (const group of metadata.row_groups) {
    if (!(group.num_rows >= 0n)) throw new Error("a row group has no number of rows");
    rows += group.num_rows;
    for (const { meta_data: column } of group.columns) {
      if (!column) throw new Error("a column is not described");
      const start = column.dictionary_page_offset || column.data_page_offset;
      checkRange(Number(start), Number(start + column.total_compressed_size), size);
    }
  }
  if (rows !== metadata.num_rows)
    throw new Error(`${metadata.num_rows} rows announced, ${rows} in its row groups`);
}

interface Slice {
  readonly start: number;
  readonly end: number;
}

/** Ranges of rows small enough to hold, none of which crosses a row group. */
function* slicesOf(
  metadata: FileMetaData,
  columns: ReadonlySet<string>,
  fromRow: number,
  name: string,
): Generator<Slice> {
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const groupEnd = groupStart + rows;
    const step = stepOf(group, columns);
    if (step === undefined) {
      throw new InputError(
        `${name} row ${groupStart}`,
        `its row group holds more than ${mostAtOnce / 2 ** 20} MiB of lists at once: write the file with smaller row groups, or as JSONL`,
      );
    }
    const first = Math.max(groupStart, Math.min(fromRow, groupEnd));
    for (let start = first; start < groupEnd; start += step) {
      yield { start, end: Math.min(start + step, groupEnd) };
    }
    groupStart = groupEnd;
  }
}

/** Rows of a row group to read at a time; undefined: it is too large, and cannot be read in parts. */
function stepOf(group: RowGroup, columns: ReadonlySet<string>): number | undefined {
  const chunks = group.columns.filter(({ meta_data: column }) =>
    columns.has(column?.path_in_schema[0] ?? ""),
  );
  const rows = Number(group.num_rows);
  const bytes = chunks.reduce(
    (total, { meta_data: column }) => total + Number(column?.total_uncompressed_size),
    0,
  );
  if (!(bytes > sliceBytes)) return mostRows;
  // Pages of flat columns are passed over quickly; of lists it takes an index to know which rows a page holds.
  const isSliceable = chunks.every(
    ({ meta_data: column, offset_index_length }) =>
      column?.path_in_schema.length === 1 || (offset_index_length ?? 0) > 0,
  );
  if (!isSliceable) return bytes > mostAtOnce ? undefined : rows;
  return Math.max(1, Math.min(mostRows, Math.floor((rows * sliceBytes) / bytes)));
}

function broken(place: string, error: unknown): InputError {
  return new InputError(
    place,
    `the Parquet is broken or of a kind that is not read (${oneLine(messageOf(error))})`,
  );
}
