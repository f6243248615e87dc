/** metrics.jsonl of a run folder, one row a line, as it is read. */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MetricsRow } from "../../../protocol/metrics";
import { hasCode, InputError, messageOf } from "../../errors";

export const metricsFile = "metrics.jsonl";

/** Rows in the order they were written; none where the run has none yet. Passes over a line that a crash tore. */
export async function readMetrics(folder: string): Promise<MetricsRow[]> {
  const path = join(folder, metricsFile);
  return (await readLines(path)).map((line, i) => metricsRowOf(line, `${path}:${i + 1}`));
}

/** The row that was written last, or undefined where there is none. Reads no more of the file than its end. */
export async function readLastMetrics(folder: string): Promise<MetricsRow | undefined> {
  const path = join(folder, metricsFile);
  const lines = (await readEnd(path, mostOfRow)).toString("utf8").split("\n").slice(0, -1);
  const last = lines.at(-1);
  return last === undefined ? undefined : metricsRowOf(last, `${path}, its last line`);
}

/** Bytes that no two rows reach: one that a crash tore, and the one before it. */
const mostOfRow = 64 * 2 ** 10;

async function readEnd(path: string, bytes: number): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { size } = await file.stat();
    const length = Math.min(size, bytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return Buffer.alloc(0);
    throw unreadable(path, error);
  } finally {
    await file?.close();
  }
}

/** Lines that were written to their end. */
export async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return "";
    throw unreadable(path, error);
  });
  return text.split("\n").slice(0, -1);
}

function unreadable(path: string, error: unknown): InputError {
  return new InputError(path, `cannot be read (${messageOf(error)})`);
}

/** @throws InputError naming `place` */
export function metricsRowOf(line: string, place: string): MetricsRow {
  const row = parsed(line);
  if (!isRow(row)) throw new InputError(place, "is no row of metrics; delete this line to go on without it");
  return row;
}

/** JSON has no NaN or infinity and writes null for them. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line, (_key, value: unknown) => (value === null ? Number.NaN : value));
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): value is MetricsRow {
  if (typeof value !== "object" || value === null) return false;
  const { kind, step, loss } = value as Partial<MetricsRow>;
  return (kind === "step" || kind === "evaluation") && Number.isSafeInteger(step) && typeof loss === "number";
}
