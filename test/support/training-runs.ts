/** Training runs of the tiny checkpoint, which take seconds. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { cpu } from "../../extension/engine/runtime/device";
import { TrainingSession } from "../../extension/engine/training/graph/training-session";
import { readMetrics } from "../../extension/engine/training/store/metrics-file";
import {
  type RunPlan,
  type RunSignals,
  resumeRun,
  startRun,
} from "../../extension/engine/training/training-run";
import type { EvaluationMetrics, MetricsRow, StepMetrics } from "../../extension/protocol/metrics";
import type { RunRecord } from "../../extension/protocol/runs";
import { defaultLoss, defaultSettings, type TrainSettings } from "../../extension/protocol/train-settings";
import { checkpoint, writePairs } from "./fixture";
import { temporaryFolder } from "./temp-folder";

/** Twelve steps over forty pairs, with an evaluation and a checkpoint every four steps. */
export const quickSettings: TrainSettings = {
  ...defaultSettings,
  method: "full",
  learningRate: 1e-3,
  loss: { ...defaultLoss, samples: 4 },
  batchSize: 4,
  epochs: 10,
  maxSteps: 12,
  evalShare: 0.2,
  evalSteps: 4,
  saveSteps: 4,
  lora: { ...defaultSettings.lora, rank: 4, alpha: 8 },
};

export interface Told {
  readonly record: RunRecord;
  readonly rows: readonly MetricsRow[];
}

/** Makes a plan for `run` in a folder that contains a dataset of forty pairs, with changes to its settings. */
export async function quickPlan(
  folder: string,
  changes: Partial<TrainSettings> = {},
  start: RunPlan["start"] = { model: checkpoint },
): Promise<RunPlan> {
  const dataset = join(folder, "pairs.jsonl");
  await writePairs(dataset, 40);
  return planFor(dataset, join(folder, "run"), changes, start);
}

export function planFor(
  dataset: string,
  folder: string,
  changes: Partial<TrainSettings> = {},
  start: RunPlan["start"] = { model: checkpoint },
): RunPlan {
  return {
    dataset,
    chat: false,
    start,
    folder,
    settings: { ...quickSettings, ...changes },
    versions: { rewardInspector: "test", onnxruntime: "test", node: process.versions.node },
  };
}

/** Starts from the checkpoint's configuration, with new weights and a new head. */
export const fromNothing: RunPlan["start"] = { init: join(checkpoint, "config.json") };

type OnRow = (row: MetricsRow) => void;

export async function train(plan: RunPlan, signals: RunSignals = {}, onRow: OnRow = () => {}): Promise<Told> {
  const rows: MetricsRow[] = [];
  const record = await startRun(plan, cpu, collecting(rows, onRow), signals);
  return { record, rows };
}

export async function resume(
  folder: string,
  signals: RunSignals = {},
  onRow: OnRow = () => {},
): Promise<Told> {
  const rows: MetricsRow[] = [];
  const record = await resumeRun(folder, cpu, collecting(rows, onRow), signals);
  return { record, rows };
}

/**
 * Makes evaluations return the test's losses, because which of two real ones is smaller depends on the machine. Call
 * `vi.restoreAllMocks` afterwards.
 *
 * @param lossAfter the loss after each step
 * @returns the argument to start the run with
 */
export function evaluatingTo(lossAfter: (step: number) => number): OnRow {
  let step = 0;
  const { evaluate } = TrainingSession.prototype;
  vi.spyOn(TrainingSession.prototype, "evaluate").mockImplementation(async function (
    this: TrainingSession,
    batch,
  ) {
    return { ...(await evaluate.call(this, batch)), loss: lossAfter(step) };
  });
  return (row) => {
    step = row.step;
  };
}

function collecting(rows: MetricsRow[], onRow: OnRow) {
  return {
    started: () => undefined,
    metrics: (row: MetricsRow) => {
      rows.push(row);
      onRow(row);
    },
  };
}

/** Starts a run and pauses it after a step. */
export function trainUntil(plan: RunPlan, step: number): Promise<Told> {
  const pause = new AbortController();
  return train(plan, { pause: pause.signal }, (row) => {
    if (row.step >= step) pause.abort();
  });
}

/** Reads metrics.jsonl without its timings. */
export async function timelessRows(folder: string): Promise<unknown[]> {
  return timeless(await readMetrics(folder));
}

export function timeless(rows: readonly MetricsRow[]): unknown[] {
  return rows.map((row) => ({ ...row, tokensPerSecond: 0 }));
}

export function steps(rows: readonly MetricsRow[]): StepMetrics[] {
  return rows.filter((row) => row.kind === "step");
}

export function evaluations(rows: readonly MetricsRow[]): EvaluationMetrics[] {
  return rows.filter((row) => row.kind === "evaluation");
}

/** Bytes of the weight files in a run's folder, by relative path. */
export function weightsOf(runFolder: string, file = "model/model.safetensors"): Promise<Buffer> {
  return readFile(join(runFolder, file));
}

/** Creates a folder for a test, with a dataset of these rows. */
export async function datasetOf(rows: readonly object[]): Promise<{ folder: string; dataset: string }> {
  const folder = await temporaryFolder();
  const dataset = join(folder, "pairs.jsonl");
  await writeFile(dataset, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return { folder, dataset };
}
