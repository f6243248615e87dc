/** Short training runs for tests of the engine process, their events, and ways to kill the engine. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineClient } from "../../extension/engine/process/client";
import type { MetricsRow } from "../../extension/protocol/metrics";
import type { RunRecord } from "../../extension/protocol/runs";
import { defaultSettings } from "../../extension/protocol/train-settings";
import type { TrainEvents, TrainRequest, TrainStartedMessage } from "../../extension/protocol/training";
import { checkpoint, writePairs } from "./fixture";
import { temporaryFolder } from "./temp-folder";

export const steps = 40;
/** The intervals do not divide each other, so that a crash can occur between a checkpoint and an evaluation. */
export const settings = {
  ...defaultSettings,
  loss: { ...defaultSettings.loss, samples: 4 },
  batchSize: 4,
  epochs: 100,
  maxSteps: steps,
  evalShare: 0.2,
  evalSteps: 7,
  saveSteps: 10,
};

/** A run long enough to be ended early, even if the message arrives late on a busy machine. */
export const endless = { ...settings, maxSteps: 1e6, epochs: 1e6 };

export async function request(parts: Partial<TrainRequest> = {}): Promise<TrainRequest> {
  const folder = await temporaryFolder();
  const dataset = join(folder, "pairs.jsonl");
  await writePairs(dataset, 40);
  return {
    run: "test",
    dataset,
    model: checkpoint,
    device: "cpu",
    out: join(folder, "run"),
    settings,
    ...parts,
  };
}

/** Collects a run's events; `each` is called with every row. */
export class Heard implements TrainEvents {
  readonly rows: MetricsRow[] = [];
  readonly starts: TrainStartedMessage[] = [];

  constructor(private readonly each: (row: MetricsRow) => void = () => undefined) {}

  /** Step of the last row. */
  get step(): number {
    return this.rows.at(-1)?.step ?? 0;
  }

  started(message: TrainStartedMessage): void {
    this.starts.push(message);
  }

  metrics({ row }: { readonly row: MetricsRow }): void {
    this.rows.push(row);
    this.each(row);
  }
}

/** Removes fields that depend on timing. */
export function repeatable(rows: readonly MetricsRow[]): unknown[] {
  return rows.map((row) => ({ ...row, tokensPerSecond: 0 }));
}

export async function recordOf(folder: string): Promise<RunRecord> {
  return JSON.parse(await readFile(join(folder, "run.json"), "utf8"));
}

export function kill({ pid }: EngineClient): void {
  // Process id 0 would kill this process and its whole group.
  if (pid === undefined) throw new Error("there is no engine process to kill");
  process.kill(pid, "SIGKILL");
}

/** Kills the engine once for each of these steps, at the first row at or after it. */
export function killingAt(steps: number[], client: EngineClient): (row: MetricsRow) => void {
  return ({ step }) => {
    // Rows that a killed engine has written are reported while no engine is running.
    if (client.pid === undefined || step < (steps[0] ?? Number.POSITIVE_INFINITY)) return;
    steps.shift();
    kill(client);
  };
}
