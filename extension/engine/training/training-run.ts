/** Runs a training run to its end, from its start or from its last checkpoint. */
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { FieldNames } from "../../protocol/datasets";
import type { MetricsRow } from "../../protocol/metrics";
import type { RunRecord } from "../../protocol/runs";
import type { TrainSettings } from "../../protocol/train-settings";
import type { TrainingMemory } from "../../protocol/training";
import { Checkpoint } from "../checkpoint/reading/checkpoint";
import { InputError, messageOf } from "../errors";
import type { Device } from "../runtime/device";
import { createCheckpoint } from "./graph/new-checkpoint";
import { openSession } from "./graph/open-session";
import { endOf } from "./loop/ending";
import { Trainer } from "./loop/trainer";
import { readState } from "./loop/trainer-state";
import { finishRun } from "./outcome/finish";
import { checkMemory } from "./plan/memory";
import { checkBase, openRun } from "./plan/opened-run";
import { trainingRows } from "./plan/run-rows";
import { Checkpoints } from "./store/checkpoints";
import { fingerprintOf, modelFingerprint } from "./store/fingerprint";
import { MetricsLog } from "./store/metrics-log";
import { RunFolder } from "./store/run-folder";

export interface RunPlan {
  readonly dataset: string;
  readonly fields?: FieldNames | undefined;
  readonly limit?: number | undefined;
  readonly chat: boolean;
  /** A model's folder or name in the Hugging Face cache, or the config.json of a new model. */
  readonly start: { readonly model: string } | { readonly init: string };
  readonly folder: string;
  readonly settings: TrainSettings;
  readonly versions: RunRecord["versions"];
}

export interface RunWatcher {
  /** notes: why the run uses another device than the given one, if it does. */
  started(record: RunRecord, memory: TrainingMemory, notes: readonly string[]): void;
  metrics(row: MetricsRow): void;
}

export interface RunSignals {
  /** When aborted, the run writes a checkpoint and ends; it can be resumed. */
  readonly pause?: AbortSignal | undefined;
  /** When aborted, the run ends as if its steps were done. */
  readonly stop?: AbortSignal | undefined;
}

/**
 * Starts a run. Throws InputError if the model, the data, the settings or the folder cannot be used; a folder that was
 * created for the run is then removed.
 */
export async function startRun(
  plan: RunPlan,
  device: Device,
  watcher: RunWatcher,
  signals: RunSignals,
): Promise<RunRecord> {
  const { settings, folder } = plan;
  const dataset = await fingerprintOf(plan.dataset);
  const now = new Date().toISOString();
  const known = "model" in plan.start ? await Checkpoint.open(plan.start.model) : undefined;
  if (known) checkBase(known);
  const isNewFolder = !existsSync(folder);
  const run = await RunFolder.create(folder, {
    format: 1,
    name: basename(resolve(folder)),
    status: "running",
    created: now,
    updated: now,
    model: known?.folder ?? resolve(join(folder, "init")),
    device: device.provider,
    settings,
    data: dataset,
    ...(plan.fields && { fields: plan.fields }),
    ...(plan.limit !== undefined && { limit: plan.limit }),
    chat: plan.chat,
    versions: plan.versions,
    trainingPairs: 0,
    evaluationPairs: 0,
    leftOut: {},
    trainableParameters: 0,
    parameters: 0,
    steps: 0,
    step: 0,
  });
  try {
    if ("init" in plan.start) await createCheckpoint(plan.start.init, run.record.model, settings.seed);
    await run.update({ modelSha256: await modelFingerprint(await Checkpoint.open(run.record.model)) });
    return await work(run, device, watcher, signals, false);
  } catch (error) {
    if (!hasBegun(run)) await removeRun(folder, isNewFolder).catch(() => undefined);
    throw error;
  } finally {
    await run.unlock();
  }
}

/** Whether the run got as far as counting its pairs. Before that, its folder holds nothing worth keeping. */
function hasBegun({ record }: RunFolder): boolean {
  return record.trainingPairs > 0;
}

/** Removes the run's folder, or only its contents if the user created the folder. */
async function removeRun(folder: string, isNewFolder: boolean): Promise<void> {
  const options = { recursive: true, force: true };
  if (isNewFolder) await rm(folder, options);
  else for (const name of await readdir(folder)) await rm(join(folder, name), options);
}

/**
 * Continues from the last checkpoint, or from the start if there is none. Throws InputError if the run is finished or
 * being trained by another process, or if its data or model changed.
 */
export async function resumeRun(
  folder: string,
  device: Device,
  watcher: RunWatcher,
  signals: RunSignals,
): Promise<RunRecord> {
  const run = await RunFolder.open(folder);
  await run.lock();
  try {
    const { status, data, model, modelSha256 } = run.record;
    if (status === "finished") throw new InputError(folder, `is finished; its model is ${run.model}`);
    const now = await fingerprintOf(data.path);
    if (now.sha256 !== data.sha256) throw changed(data.path);
    // Weights that are not trained are read from the model's files again.
    if (modelSha256 !== undefined && modelSha256 !== (await modelFingerprint(await Checkpoint.open(model))))
      throw changed(model);
    return await work(run, device, watcher, signals, true);
  } finally {
    await run.unlock();
  }
}

function changed(place: string): InputError {
  return new InputError(
    place,
    "has changed since the run started, so the run cannot be resumed; restore it or start a new run",
  );
}

async function work(
  run: RunFolder,
  device: Device,
  watcher: RunWatcher,
  signals: RunSignals,
  isResumed: boolean,
): Promise<RunRecord> {
  try {
    return await trainAndFinish(run, device, watcher, signals, isResumed);
  } catch (error) {
    // The record keeps the reason. On a full disk even this write may fail, and must not hide the first error.
    await run.update({ status: "failed", reason: messageOf(error) }).catch(() => undefined);
    throw error;
  }
}

async function trainAndFinish(
  run: RunFolder,
  wanted: Device,
  watcher: RunWatcher,
  { pause, stop }: RunSignals,
  isResumed: boolean,
): Promise<RunRecord> {
  const { settings } = run.record;
  const { model, pairs, steps, size } = await openRun(run.record);
  const { parameters, trainable, memory } = size;
  // Checked before loading the weights, which may already take too much.
  checkMemory(memory, run.folder);
  const { session, device, notes } = await openSession(model, settings, wanted);
  try {
    await run.update({
      status: "running",
      reason: undefined,
      device: device.provider,
      trainingPairs: pairs.training.length,
      evaluationPairs: pairs.evaluation.length,
      leftOut: pairs.leftOut,
      trainableParameters: trainable,
      parameters,
      steps,
    });
    const checkpoints = await Checkpoints.open(run.folder);
    const latest = isResumed ? await checkpoints.latest() : undefined;
    const resumed = latest && (await readState(latest.folder, session.tensors));
    const log = resumed
      ? await MetricsLog.resume(run.folder, resumed.progress.step)
      : isResumed
        ? await MetricsLog.resume(run.folder, 0)
        : await MetricsLog.create(run.folder);
    watcher.started(run.record, memory, notes);
    const trainer = new Trainer({
      run,
      model,
      session,
      pairs,
      log,
      checkpoints,
      resumed,
      onMetrics: (row) => watcher.metrics(row),
      pause,
      stop,
    });
    const ending = await trainer.train().finally(() => log.close());
    if (ending === "paused") {
      await run.update({ status: "paused" });
      return run.record;
    }
    const { best, step: done } = trainer.progress;
    const chosen = (await checkpoints.list()).find(({ step }) => step === best?.step);
    if (chosen) await readState(chosen.folder, session.tensors);
    const end = endOf(ending, done, settings.patience);
    // The finished model is loaded for scoring, and may not fit in memory next to the training session.
    await session.release();
    const rewardQuantiles = await finishRun(
      run,
      model,
      session.tensors,
      chosen?.step ?? done,
      end,
      () => trainingRows(run.record),
      device,
    );
    // Written last, because a finished run must have a model. The step is included for a run that was killed after its
    // last checkpoint.
    await run.update({
      ...end,
      step: done,
      ...(best && { best }),
      ...(rewardQuantiles && { rewardQuantiles }),
    });
    return run.record;
  } finally {
    await session.release();
  }
}
