/** Detects a dataset file's format by its contents if they are unambiguous, and otherwise by its name. */
import { InputError } from "../../errors";
import { JsonReader } from "./json";
import { JsonLinesReader } from "./jsonl";
import { ParquetReader } from "./parquet/reader";
import type { RecordReader } from "./record";
import { rowsInDocument } from "./rows-in";
import { SourceFile } from "./source-file";
import { TableReader } from "./table";
import { delimiterOf, firstLineOf } from "./table-rules";

/** Throws InputError if the file is missing, empty, or not JSONL, JSON, Parquet, CSV or TSV. */
export async function openReader(path: string): Promise<RecordReader> {
  const file = await SourceFile.open(path);
  const { head, name } = file;
  const ending = /\.([^.]*?)(?:\.gz(?:ip)?)?$/i.exec(name)?.[1]?.toLowerCase();
  if (startsWith(head, "PAR1")) return new ParquetReader(file);
  if (ending === "parquet") {
    throw new InputError(name, "is not Parquet: a Parquet file starts with PAR1. Copy or download it again");
  }
  for (const [start, kind] of otherKinds) {
    if (startsWith(head, start)) {
      throw new InputError(name, `is ${kind}: use UTF-8 text or Parquet, plain or gzipped`);
    }
  }
  const text = head.toString();
  if (text.trim() === "") throw new InputError(name, "is empty");
  if (ending === "tsv") return new TableReader(file, "\t");
  if (ending === "csv") return new TableReader(file, delimiterOf(firstLineOf(text)));
  const rowsIn = rowsInDocument(text.trimStart(), ending === "jsonl" || ending === "ndjson", file.isHeadAll);
  if (rowsIn) return new JsonReader(file, rowsIn);
  if (text.trimStart().startsWith("{") || ["json", "jsonl", "ndjson"].includes(ending ?? "")) {
    return new JsonLinesReader(file);
  }
  throw new InputError(
    name,
    "has an unknown format: datasets are JSONL, JSON, Parquet, CSV or TSV, plain or gzipped",
  );
}

/** The first bytes of files that are often given by mistake. */
const otherKinds: readonly (readonly [string, string])[] = [
  ["\xff\xfe", "UTF-16 text"],
  ["\xfe\xff", "UTF-16 text"],
  ["\x28\xb5\x2f\xfd", "compressed with zstd"],
  ["PK\x03\x04", "a zip archive"],
  ["BZh", "compressed with bzip2"],
  ["\xfd7zXZ", "compressed with xz"],
  ["ARROW1", "an Arrow file"],
  ["SQLite format 3", "a database"],
];

/** @param bytes one character from U+0000 to U+00FF per byte */
function startsWith(head: Buffer, bytes: string): boolean {
  return head.subarray(0, bytes.length).equals(Buffer.from(bytes, "latin1"));
}
