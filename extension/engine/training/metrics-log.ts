/** metrics.jsonl, one row a line, and the same numbers for TensorBoard. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../errors";
import { writeWhole } from "../files";
import { AppendFile } from "./append-file";
import { hasCode } from "./error-code";
import type { MetricsRow } from "./metrics";
import { EventFile } from "./tensorboard";

export const metricsFile = "metrics.jsonl";

const groups: Readonly<Record<MetricsRow["kind"], string>> = { step: "train", evaluation: "eval" };

export class MetricsLog {
  private constructor(
    private readonly lines: AppendFile,
    private readonly events: EventFile,
  ) {}

  /** The log of a run that starts. */
  static async create(folder: string): Promise<MetricsLog> {
    return new MetricsLog(await AppendFile.open(join(folder, metricsFile)), await EventFile.create(folder));
  }

  /** The log of a run that goes on after `step`: rows of later steps and a torn last line are dropped. */
  static async resume(folder: string, step: number): Promise<MetricsLog> {
    await rewind(folder, step);
    return new MetricsLog(
      await AppendFile.open(join(folder, metricsFile)),
      await EventFile.create(folder, step),
    );
  }

  /** Throws InputError where the disk takes no more. */
  async append(row: MetricsRow): Promise<void> {
    await this.lines.append(Buffer.from(`${JSON.stringify(row)}\n`));
    await this.events.scalars(row.step, scalarsOf(row));
  }

  /** Call before a checkpoint, so that a loss of power takes no row of the steps it holds. */
  async sync(): Promise<void> {
    await this.lines.sync();
    await this.events.sync();
  }

  async close(): Promise<void> {
    await this.lines.close();
    await this.events.close();
  }
}

/** Rows in the order they were written; none where the run has none yet. Passes over a line that a crash tore. */
export async function readMetrics(folder: string): Promise<MetricsRow[]> {
  const path = join(folder, metricsFile);
  return (await readLines(path)).map((line, i) => rowOf(line, `${path}:${i + 1}`));
}

/** The row that was written last, or undefined where there is none. */
export async function readLastMetrics(folder: string): Promise<MetricsRow | undefined> {
  const path = join(folder, metricsFile);
  const lines = await readLines(path);
  const last = lines.at(-1);
  return last === undefined ? undefined : rowOf(last, `${path}:${lines.length}`);
}

async function rewind(folder: string, step: number): Promise<void> {
  const path = join(folder, metricsFile);
  const lines = await readLines(path);
  const kept = lines.filter((line, i) => rowOf(line, `${path}:${i + 1}`).step <= step);
  await writeWhole(path, (file) => file.write(kept.map((line) => `${line}\n`).join("")));
}

/** Lines that were written to their end. */
async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return "";
    throw new InputError(path, `cannot be read (${messageOf(error)})`);
  });
  return text.split("\n").slice(0, -1);
}

function rowOf(line: string, place: string): MetricsRow {
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

function scalarsOf(row: MetricsRow): Record<string, number> {
  const numbers = Object.entries(row).filter(
    (entry): entry is [string, number] => entry[0] !== "step" && typeof entry[1] === "number",
  );
  return Object.fromEntries(numbers.map(([name, value]) => [`${groups[row.kind]}/${name}`, value]));
}
