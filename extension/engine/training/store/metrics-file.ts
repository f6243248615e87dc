/** Reads metrics.jsonl of a run folder, which has one row per line. */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MetricsRow } from "../../../protocol/metrics";
import { hasCode, InputError, messageOf } from "../../errors";

export const metricsFile = "metrics.jsonl";

/**
 * Returns the rows in the order they were written, or none if the run has none yet. Skips a last line that a crash left
 * incomplete. Throws InputError for any other line that is not a row.
 */
export async function readMetrics(folder: string): Promise<MetricsRow[]> {
  const path = join(folder, metricsFile);
  return (await readLines(path)).map((line, i) => metricsRowOf(line, `${path}:${i + 1}`));
}

/** Returns the last row, or undefined if there is none. Reads only the end of the file. */
export async function readLastMetrics(folder: string): Promise<MetricsRow | undefined> {
  const path = join(folder, metricsFile);
  const lines = (await readEnd(path, endBytes)).toString("utf8").split("\n").slice(0, -1);
  const last = lines.at(-1);
  return last === undefined ? undefined : metricsRowOf(last, `${path}, its last line`);
}

/** Bytes to read from the end: more than two rows take, because a crash may have left the last one incomplete. */
const endBytes = 64 * 2 ** 10;

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

/** Reads the complete lines of a file; none if it does not exist. */
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

/** Parses a row. Throws InputError naming `place` if the line is not a row. */
export function metricsRowOf(line: string, place: string): MetricsRow {
  const row = parsed(line);
  if (!isRow(row))
    throw new InputError(place, "is not a row of metrics; delete this line to continue without it");
  return row;
}

/** Reads null as NaN: JSON.stringify writes null for NaN and infinity. */
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
