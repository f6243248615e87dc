/** Validates a Parquet file before the library reads it: a damaged one can cost it minutes and gigabytes. */
import type { AsyncBuffer, ColumnMetaData, FileMetaData, PageHeader, SchemaTree } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getTreePath } from "hyparquet/src/schema.js";
import { checkRange } from "./bytes";
import { checkRuns, hasRuns } from "./runs";

/** Throws if the footer's row counts or offsets are inconsistent. */
export function checkFooter(metadata: FileMetaData, size: number): void {
  let rows = 0n;
  for (const group of metadata.row_groups) {
    if (!(group.num_rows >= 0n)) throw new Error("a row group has no row count");
    rows += group.num_rows;
    for (const { meta_data: column } of group.columns) {
      if (!column) throw new Error("a column has no metadata");
      const { start, end } = rangeOf(column);
      checkRange(start, end, size);
    }
  }
  if (rows !== metadata.num_rows)
    throw new Error(`the footer declares ${metadata.num_rows} rows, but its row groups have ${rows}`);
}

/** Byte range of a column chunk. */
function rangeOf(column: ColumnMetaData): { start: number; end: number } {
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  return { start, end: start + Number(column.total_compressed_size) };
}

/** Throws if the pages of a column chunk contain more data than the footer or their headers declare. */
export async function checkPages(
  bytes: AsyncBuffer,
  column: ColumnMetaData,
  schema: SchemaTree,
): Promise<void> {
  const path = getTreePath(schema, column.path_in_schema);
  const levels = { repetition: getMaxRepetitionLevel(path), definition: getMaxDefinitionLevel(path) };
  const { start, end } = rangeOf(column);
  const total = Number(column.num_values);
  let values = 0;
  for (let at = start; at < end - 1 && values < total; ) {
    const { header, length } = await headerAt(bytes, at, end);
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    at += length + packed;
    if (!(packed >= 0 && at <= end)) throw new Error("a page is longer than its column");
    // Some writers include page headers in the total, and some do not.
    if (!(unpacked >= 0 && unpacked <= Number(column.total_uncompressed_size) + 2 ** 20)) {
      throw new Error("a page is larger than its column");
    }
    const entries = header.dictionary_page_header?.num_values ?? 0;
    if (!(entries >= 0 && entries <= unpacked)) throw new Error("a dictionary has more entries than bytes");
    const page = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header;
    if (page && page.encoding === undefined) throw new Error("a page has an unknown encoding");
    const { num_values: count = 0, num_nulls: nulls = 0 } = header.data_page_header_v2 ?? {
      num_values: header.data_page_header?.num_values,
    };
    values += count;
    if (!(count >= 0 && nulls >= 0 && nulls <= count && values <= total)) {
      throw new Error("a page holds more values than its column");
    }
    if (hasRuns(levels, header)) {
      checkRuns(new Uint8Array(await bytes.slice(at - packed, at)), header, column, levels);
    }
  }
}

/** Sizes to try, in bytes: most headers are short, but those with statistics of long texts can be large. */
const headerSizes = [512, 2 ** 16, 2 ** 22];

async function headerAt(
  bytes: AsyncBuffer,
  at: number,
  end: number,
): Promise<{ header: PageHeader; length: number }> {
  for (const size of headerSizes) {
    const reader = { view: new DataView(await bytes.slice(at, Math.min(at + size, end))), offset: 0 };
    try {
      return { header: parquetHeader(reader), length: reader.offset };
    } catch (error) {
      if (at + size >= end) throw error;
    }
  }
  throw new Error("a page has no header");
}
