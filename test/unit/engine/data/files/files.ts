/** Creates dataset files for tests, and reads them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { onTestFinished } from "vitest";
import { type DatasetOptions, openDataset } from "../../../../../extension/engine/data/dataset";
import type { BadRow, DatasetRow } from "../../../../../extension/engine/data/rows/row";
import { InputError } from "../../../../../extension/engine/errors";

/** Creates a file in a temporary folder, which is deleted after the test. */
export function fileOf(name: string, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "dataset-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, name.endsWith(".gz") ? gzipSync(content) : content);
  return path;
}

export interface Outcome {
  readonly rowFormat?: string | undefined;
  readonly rows: readonly (DatasetRow | BadRow)[];
  /** The error that ended reading. */
  readonly fault?: string;
}

/** Reads all rows; rethrows any error that is not an InputError. */
export async function readAll(path: string, options?: DatasetOptions): Promise<Outcome> {
  const rows: (DatasetRow | BadRow)[] = [];
  let rowFormat: string | undefined;
  try {
    const dataset = await openDataset(path, options);
    rowFormat = dataset.rowFormat;
    for await (const row of dataset.rows()) rows.push(row);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { rowFormat, rows, fault: error.message };
  }
  return { rowFormat, rows };
}

export function jsonLines(...rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** Writes columns of text, or of JSON values in the writer's nested form. */
export function parquet(
  columns: Readonly<Record<string, readonly unknown[]>>,
  options: { rowGroupSize?: number[]; codec?: "UNCOMPRESSED" | "SNAPPY" } = {},
): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]) => ({ name, data: [...data] }));
  return new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
}

export function problemsOf({ rows }: Outcome): readonly string[] {
  return rows.flatMap((row) => ("problem" in row ? [`${row.place}: ${row.problem}`] : []));
}
