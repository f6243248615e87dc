/** Estimates a run's pairs, steps, memory and duration before it starts. */
import { setImmediate } from "node:timers/promises";
import type { TrainSettings } from "../../../protocol/train-settings";
import type { RunEstimate } from "../../../protocol/training";
import { Checkpoint } from "../../checkpoint/reading/checkpoint";
import type { Device } from "../../runtime/device";
import { makeBatch, widthOf } from "../graph/batch";
import { openSession } from "../graph/open-session";
import type { TrainingSession } from "../graph/training-session";
import { epochBatches, microBatches } from "../pairs/order";
import { type PackedPair, packPair } from "../pairs/packed-pair";
import { sampleStates } from "../pairs/state-sampling";
import { drawsFor } from "../random-draws";
import { checkMemory } from "./memory";
import { checkBase, type OpenedRun, openRun, type RunInputs } from "./opened-run";

/** Largest model, in parameters, whose step is timed: loading and two steps then take about a second. */
const quickParameters = 20e6;
/** Share of a step's time that its forward pass takes: the backward pass has two matrix products for each of its. */
const forwardShare = 1 / 3;

/**
 * Throws InputError for anything that a run would refuse before its first step, or the signal's reason if it is
 * aborted.
 */
export async function estimateRun(
  inputs: RunInputs,
  device: Device,
  signal?: AbortSignal,
): Promise<RunEstimate> {
  checkBase(await Checkpoint.open(inputs.model));
  const run = await openRun(inputs, signal);
  const { pairs, size, steps } = run;
  checkMemory(size.memory, inputs.model);
  const withRejected = inputs.settings.objective === "reward";
  const training = pairs.training.map((pair) => packPair(pair, withRejected));
  const batches = epochBatches(training, inputs.settings.batchSize, inputs.settings.seed, 0);
  const tokensPerStep = tokensOf(training) / batches.length;
  signal?.throwIfAborted();
  const perToken =
    size.parameters > quickParameters
      ? undefined
      : await secondsPerToken(run, batches[0] ?? [], inputs, device);
  const evaluation = tokensOf(pairs.evaluation.map((pair) => packPair(pair, withRejected)));
  const evaluations = Math.ceil(steps / inputs.settings.evalSteps);
  return {
    trainingPairs: pairs.training.length,
    evaluationPairs: pairs.evaluation.length,
    leftOut: pairs.leftOut,
    parameters: size.parameters,
    trainableParameters: size.trainable,
    memory: size.memory,
    steps,
    tokensPerStep,
    ...(perToken !== undefined && {
      seconds: perToken * (steps * tokensPerStep + forwardShare * evaluations * evaluation),
    }),
  };
}

async function secondsPerToken(
  { model }: OpenedRun,
  rows: readonly PackedPair[],
  { settings }: RunInputs,
  device: Device,
): Promise<number> {
  const { session } = await openSession(model, settings, device);
  try {
    // Warm-up: in the first step the runtime also plans the graph.
    await step(session, rows, settings);
    const start = performance.now();
    await step(session, rows, settings);
    return (performance.now() - start) / 1000 / tokensOf(rows);
  } finally {
    await session.release();
  }
}

/** Computes losses and gradients as a step of the run does, without updating the parameters. */
async function step(
  session: TrainingSession,
  rows: readonly PackedPair[],
  { objective, loss, batchTokens, seed }: TrainSettings,
): Promise<void> {
  const isContrastive = objective === "reward" && loss.lambda > 0;
  const random = drawsFor(seed, "states", 1);
  for (const microBatch of microBatches(rows, batchTokens, session.lengthBoundary)) {
    const states = isContrastive ? sampleStates(microBatch, widthOf(microBatch), loss, random) : undefined;
    await session.step(makeBatch(microBatch, states), drawsFor(seed, "dropout", 1));
    await setImmediate();
  }
}

function tokensOf(rows: readonly PackedPair[]): number {
  return rows.reduce((total, { length }) => total + length, 0);
}
