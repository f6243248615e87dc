/** The training loop: batches, gradients, updates, evaluations and checkpoints. */
import { setImmediate } from "node:timers/promises";
import type { EvaluationMetrics, MetricsRow, StepMetrics } from "../../../protocol/metrics";
import type { TrainSettings } from "../../../protocol/train-settings";
import { InputError } from "../../errors";
import type { OpenedModel } from "../../scoring/reward-model";
import { exportModel } from "../export";
import { makeBatch, widthOf } from "../graph/batch";
import type { TrainingSession } from "../graph/training-session";
import { AdamW, adamDefaults, gradientNorm, type Moments, rateAt } from "../optimizer";
import { epochBatches, microBatches, stepsPerEpoch } from "../pairs/order";
import { type PackedPair, packPair } from "../pairs/packed-pair";
import type { PairSet } from "../pairs/pairs";
import { sampleStates } from "../pairs/state-sampling";
import { drawsFor } from "../random-draws";
import type { Checkpoints } from "../store/checkpoints";
import type { MetricsLog } from "../store/metrics-log";
import type { RunFolder } from "../store/run-folder";
import { MetricsSum } from "./metrics-sum";
import { type TrainingProgress, writeState } from "./trainer-state";

export interface TrainerParts {
  readonly run: RunFolder;
  readonly model: OpenedModel;
  readonly session: TrainingSession;
  readonly pairs: PairSet;
  readonly log: MetricsLog;
  readonly checkpoints: Checkpoints;
  /** State of the checkpoint to resume from; undefined for a new run. */
  readonly resumed?:
    | { readonly progress: TrainingProgress; readonly moments: readonly Moments[] }
    | undefined;
  readonly onMetrics: (row: MetricsRow) => void;
  /** When aborted, the trainer writes a checkpoint and returns `paused`. */
  readonly pause?: AbortSignal | undefined;
  /** When aborted, the trainer writes a checkpoint and returns `stopped`. */
  readonly stop?: AbortSignal | undefined;
}

export type Ending = "done" | "paused" | "stopped" | "early";

export class Trainer {
  readonly #settings: TrainSettings;
  readonly #training: readonly PackedPair[];
  readonly #evaluation: readonly PackedPair[];
  readonly #optimizer: AdamW;
  #progress: TrainingProgress;
  #epoch: { readonly number: number; readonly batches: readonly PackedPair[][] } | undefined;

  constructor(private readonly parts: TrainerParts) {
    const { run, pairs, session, resumed } = parts;
    this.#settings = run.record.settings;
    const withRejected = this.#settings.objective === "reward";
    this.#training = pairs.training.map((pair) => packPair(pair, withRejected));
    this.#evaluation = pairs.evaluation.map((pair) => packPair(pair, withRejected));
    const settings = { ...adamDefaults, weightDecay: this.#settings.weightDecay };
    this.#progress = resumed?.progress ?? { step: 0, sinceBest: 0 };
    this.#optimizer = new AdamW(session.tensors, settings, resumed?.moments, this.#progress.step);
  }

  get progress(): TrainingProgress {
    return this.#progress;
  }

  /** Throws InputError if the loss or its gradient is not finite, UnwrittenFile if the disk is full. */
  async train(): Promise<Ending> {
    const { steps } = this.parts.run.record;
    const { saveSteps, evalSteps } = this.#settings;
    if (this.#progress.step > 0) await this.#settle();
    while (this.#progress.step < steps) {
      // Lets the event loop receive requests to pause or stop.
      await setImmediate();
      if (this.parts.pause?.aborted || this.parts.stop?.aborted) {
        await this.#save();
        return this.parts.stop?.aborted ? "stopped" : "paused";
      }
      // Checked before each step, so that a run that was killed while finishing ends at the same step when resumed.
      if (this.#hasStalled) return "early";
      const step = this.#progress.step + 1;
      await this.#record(await this.#step(step, steps));
      this.#progress = { ...this.#progress, step };
      const isLast = step === steps;
      let isBest = false;
      if (this.#evaluation.length > 0 && (step % evalSteps === 0 || isLast))
        isBest = await this.#evaluate(step);
      if (isBest || isLast || this.#hasStalled || step % saveSteps === 0) await this.#save();
    }
    return "done";
  }

  /** Whether `patience` evaluations in a row brought no lower loss. */
  get #hasStalled(): boolean {
    const { patience } = this.#settings;
    return patience > 0 && this.#progress.sinceBest >= patience;
  }

  async #step(step: number, steps: number): Promise<StepMetrics> {
    const { session } = this.parts;
    const { batchSize, batchTokens, warmup, schedule, maxGradNorm, seed } = this.#settings;
    const start = performance.now();
    const rows = this.#batch(step);
    const random = drawsFor(seed, "states", step);
    const dropout = drawsFor(seed, "dropout", step);
    const sums = new MetricsSum();
    let gradients: readonly Float32Array[] | undefined;
    for (const microBatch of microBatches(rows, batchTokens, session.lengthBoundary)) {
      const share = microBatch.length / rows.length;
      const result = await session.step(this.#batchOf(microBatch, random), dropout);
      sums.add(result, microBatch.length);
      gradients = accumulated(gradients, result.gradients, share);
    }
    if (!gradients) throw new Error("a step has no pairs");
    const means = sums.means();
    const gradNorm = gradientNorm(gradients);
    if (!Number.isFinite(means.loss) || !Number.isFinite(gradNorm)) throw await this.#divergence(step);
    const learningRate = this.#settings.learningRate * rateAt(step, steps, warmup, schedule);
    this.#optimizer.step(gradients, Math.min(1, maxGradNorm / (gradNorm + 1e-6)), learningRate);
    const tokens = rows.reduce((total, row) => total + tokensOf(row), 0);
    return {
      kind: "step",
      step,
      epoch: (step * batchSize) / this.#training.length,
      ...means,
      gradNorm,
      learningRate,
      tokens,
      tokensPerSecond: (1000 * tokens) / (performance.now() - start),
    };
  }

  #batch(step: number): readonly PackedPair[] {
    const { batchSize, seed } = this.#settings;
    const perEpoch = stepsPerEpoch(this.#training.length, batchSize);
    const number = Math.floor((step - 1) / perEpoch);
    if (this.#epoch?.number !== number)
      this.#epoch = { number, batches: epochBatches(this.#training, batchSize, seed, number) };
    return this.#epoch.batches[(step - 1) % perEpoch] ?? [];
  }

  #batchOf(rows: readonly PackedPair[], random: () => number) {
    const { objective, loss } = this.#settings;
    const isContrastive = objective === "reward" && loss.lambda > 0;
    return makeBatch(rows, isContrastive ? sampleStates(rows, widthOf(rows), loss, random) : undefined);
  }

  /**
   * Returns whether the loss is the lowest so far. All evaluations draw the same states, so that they are comparable.
   */
  async #evaluate(step: number): Promise<boolean> {
    const { session } = this.parts;
    const { seed, batchTokens } = this.#settings;
    const random = drawsFor(seed, "evaluation states", 0);
    const sums = new MetricsSum();
    for (const microBatch of microBatches(this.#evaluation, batchTokens, session.lengthBoundary)) {
      sums.add(await session.evaluate(this.#batchOf(microBatch, random)), microBatch.length);
      await setImmediate();
    }
    const means = sums.means();
    // The step's loss was finite, but with the weights before its update.
    if (!Number.isFinite(means.loss)) throw await this.#divergence(step);
    const { best } = this.#progress;
    const isBest = means.loss < (best?.loss ?? Number.POSITIVE_INFINITY);
    this.#progress = isBest
      ? { step, best: { step, loss: means.loss, accuracy: means.accuracy }, sinceBest: 0 }
      : { ...this.#progress, sinceBest: this.#progress.sinceBest + 1 };
    const row: EvaluationMetrics = {
      kind: "evaluation",
      step,
      ...means,
      pairs: this.#evaluation.length,
      isBest,
    };
    await this.#record(row);
    return isBest;
  }

  async #record(row: MetricsRow): Promise<void> {
    await this.parts.log.append(row);
    this.parts.onMetrics(row);
  }

  async #save(): Promise<void> {
    const { run, checkpoints, session, model, log } = this.parts;
    const { step } = this.#progress;
    if ((await checkpoints.latest())?.step !== step) {
      await log.sync();
      await checkpoints.write(step, async (folder) => {
        await exportModel(folder, model, session.tensors, this.#settings, run.record.model);
        await writeState(folder, this.#progress, session.tensors, this.#optimizer.moments);
      });
    }
    await this.#settle();
  }

  /** Updates the record and prunes checkpoints after a save. A run that was killed in between does so when resumed. */
  async #settle(): Promise<void> {
    const { run, checkpoints } = this.parts;
    const { step, best } = this.#progress;
    await run.update({ step, ...(best && { best }) });
    await checkpoints.prune({ keep: this.#settings.keep, protect: best ? [best.step] : [] });
  }

  async #divergence(step: number): Promise<InputError> {
    const last = await this.parts.checkpoints.latest();
    const kept = last ? `; the last good checkpoint is ${last.folder}` : "";
    return new InputError(
      this.parts.run.folder,
      `the loss or its gradient became NaN or infinite at step ${step}${kept}`,
      { code: "training-diverged", data: { step } },
    );
  }
}

/** Number of tokens with the shared ones counted twice, as trainers that do not pack pairs count them. */
function tokensOf({ pair, trunk, length }: PackedPair): number {
  return trunk === length ? length : pair.chosen.ids.length + pair.rejected.ids.length;
}

/** Adds `share` times the gradients to the sum. */
function accumulated(
  sum: readonly Float32Array[] | undefined,
  gradients: readonly Float32Array[],
  share: number,
): readonly Float32Array[] {
  if (share === 1) return gradients;
  const result = sum ?? gradients.map(({ length }) => new Float32Array(length));
  gradients.forEach((gradient, i) => {
    const into = result[i];
    if (into)
      for (let k = 0; k < gradient.length; k++)
        into[k] = (into[k] as number) + share * (gradient[k] as number);
  });
  return result;
}
