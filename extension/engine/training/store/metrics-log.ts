/** Writes a run's metrics to metrics.jsonl and to TensorBoard's event files. */
import { join } from "node:path";
import type { MetricsRow } from "../../../protocol/metrics";
import { writeWhole } from "../../files";
import { AppendFile } from "./append-file";
import { metricsFile, metricsRowOf, readLines } from "./metrics-file";
import { EventFile } from "./tensorboard";

const groups: Readonly<Record<MetricsRow["kind"], string>> = { step: "train", evaluation: "eval" };

export class MetricsLog {
  private constructor(
    private readonly lines: AppendFile,
    private readonly events: EventFile,
  ) {}

  /** Creates the log of a new run. */
  static async create(folder: string): Promise<MetricsLog> {
    return new MetricsLog(await AppendFile.open(join(folder, metricsFile)), await EventFile.create(folder));
  }

  /** Opens the log of a run that resumes after `step`. Drops rows of later steps and an incomplete last line. */
  static async resume(folder: string, step: number): Promise<MetricsLog> {
    await rewind(folder, step);
    return new MetricsLog(
      await AppendFile.open(join(folder, metricsFile)),
      await EventFile.create(folder, step),
    );
  }

  /** Throws UnwrittenFile if the disk is full. */
  async append(row: MetricsRow): Promise<void> {
    await this.lines.append(Buffer.from(`${JSON.stringify(row)}\n`));
    await this.events.scalars(row.step, scalarsOf(row));
  }

  /** Call before writing a checkpoint, so that a power failure cannot lose the rows of its steps. */
  async sync(): Promise<void> {
    await this.lines.sync();
    await this.events.sync();
  }

  async close(): Promise<void> {
    await this.lines.close();
    await this.events.close();
  }
}

async function rewind(folder: string, step: number): Promise<void> {
  const path = join(folder, metricsFile);
  const lines = await readLines(path);
  const kept = lines.filter((line, i) => metricsRowOf(line, `${path}:${i + 1}`).step <= step);
  await writeWhole(path, (file) => file.write(kept.map((line) => `${line}\n`).join("")));
}

function scalarsOf(row: MetricsRow): Record<string, number> {
  const numbers = Object.entries(row).filter(
    (entry): entry is [string, number] => entry[0] !== "step" && typeof entry[1] === "number",
  );
  return Object.fromEntries(numbers.map(([name, value]) => [`${groups[row.kind]}/${name}`, value]));
}
