/**
 * Checks the run lengths in a page (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE), because the
 * library does not limit them if the page is damaged.
 */
import type { ColumnMetaData, DataReader, PageHeader } from "hyparquet";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { readVarInt } from "hyparquet/src/thrift.js";
import { unpack } from "./codecs";

/** Nesting depths of a column's lists and optional fields. */
export interface Levels {
  readonly repetition: number;
  readonly definition: number;
}

/** Whether a page contains run lengths. */
export function hasRuns({ repetition, definition }: Levels, header: PageHeader): boolean {
  const page = header.data_page_header ?? header.data_page_header_v2;
  return page !== undefined && (repetition > 0 || definition > 0 || isInRuns(page.encoding));
}

/**
 * Throws if a run is longer than the page's values.
 *
 * @param packed the page without its header
 */
export function checkRuns(
  packed: Uint8Array,
  header: PageHeader,
  column: ColumnMetaData,
  levels: Levels,
): void {
  if (header.data_page_header_v2) checkPageV2(packed, header, column, levels);
  else checkPageV1(packed, header, column, levels);
}

function checkPageV1(packed: Uint8Array, header: PageHeader, column: ColumnMetaData, levels: Levels): void {
  if (!header.data_page_header) return;
  const { num_values: count, encoding } = header.data_page_header;
  const reader = readerOf(unpack(column.codec, packed, header.uncompressed_page_size));
  if (levels.repetition > 0) {
    const length = lengthOf(reader);
    checkRun(reader, widthOf(levels.repetition), count);
    reader.offset += length;
  }
  let present = count;
  if (levels.definition > 0) {
    const length = lengthOf(reader);
    checkRun(reader, widthOf(levels.definition), count);
    if (isInRuns(encoding)) present = presentOf(reader, levels.definition, count, length);
    reader.offset += length;
  }
  checkValues(reader, encoding, column, present);
}

function lengthOf(reader: DataReader): number {
  reader.offset += 4;
  return reader.view.getUint32(reader.offset - 4, true);
}

function checkPageV2(packed: Uint8Array, header: PageHeader, column: ColumnMetaData, levels: Levels): void {
  const page = header.data_page_header_v2;
  if (!page) return;
  const { repetition_levels_byte_length: first, definition_levels_byte_length: second } = page;
  const [reader, length] = [readerOf(packed), first + second];
  if (!(first >= 0 && second >= 0 && length <= packed.length))
    throw new Error("the levels of a page are longer than the page");
  if (levels.repetition > 0) checkRun(reader, widthOf(levels.repetition), page.num_values);
  reader.offset = first;
  if (levels.definition > 0) checkRun(reader, widthOf(levels.definition), page.num_values);
  if (!isInRuns(page.encoding)) return;
  const rest = packed.subarray(length);
  const isPacked = page.is_compressed !== false;
  const values = isPacked ? unpack(column.codec, rest, header.uncompressed_page_size - length) : rest;
  checkValues(readerOf(values), page.encoding, column, page.num_values - page.num_nulls);
}

function isInRuns(encoding: string): boolean {
  return encoding === "RLE" || encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY";
}

/** Checks the runs of dictionary indices or booleans. */
function checkValues(reader: DataReader, encoding: string, { type }: ColumnMetaData, count: number): void {
  if (!isInRuns(encoding) || count <= 0) return;
  const isBoolean = type === "BOOLEAN";
  const width = isBoolean ? 1 : reader.view.getUint8(reader.offset++);
  if (isBoolean) reader.offset += 4;
  if (width > 0) checkRun(reader, width, count);
}

/** Number of values that are not null in a page whose runs have been checked. */
function presentOf({ view, offset }: DataReader, level: number, count: number, length: number): number {
  const definitions: number[] = new Array(count).fill(0);
  readRleBitPackedHybrid({ view, offset }, widthOf(level), definitions, length);
  return definitions.filter((definition) => definition === level).length;
}

/** Allowed padding of the last run, in values; the format sets no limit. */
const mostFilling = 2 ** 16;

/** Checks the runs of `count` numbers of `width` bits from the reader's offset, without moving it. */
function checkRun({ view, offset }: DataReader, width: number, count: number): void {
  const reader = { view, offset };
  for (let seen = 0; seen < count; ) {
    const header = readVarInt(reader);
    const isPacked = (header & 1) === 1;
    const length = isPacked ? (header >> 1) * 8 : header >>> 1;
    if (!(length >= 0 && length <= count - seen + mostFilling))
      throw new Error("a run is longer than its page");
    reader.offset += isPacked ? Math.max(1, (length / 8) * width) : Math.ceil(width / 8);
    seen += length;
  }
}

function widthOf(level: number): number {
  return 32 - Math.clz32(level);
}

function readerOf({ buffer, byteOffset, byteLength }: Uint8Array): DataReader {
  return { view: new DataView(buffer, byteOffset, byteLength), offset: 0 };
}
