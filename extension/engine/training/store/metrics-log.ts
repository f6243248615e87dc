/** What a run writes of its steps: metrics.jsonl, and the same numbers for TensorBoard. */
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
