/** What a run will come to, told before it starts. */

import { setImmediate } from "node:timers/promises";
import type { TrainSettings } from "../../../protocol/train-settings";
import type { RunEstimate } from "../../../protocol/training";
import { Checkpoint } from "../../checkpoint/reading/checkpoint";
import type { Device } from "../../runtime/device";
import { makeBatch, widthOf } from "../graph/batch";
import { openSession } from "../graph/open-session";
import type { TrainingSession } from "../graph/training-session";
import { epochBatches, runsOf } from "../pairs/order";
import { type PackedPair, packPair } from "../pairs/packed-pair";
import { sampleStates } from "../pairs/state-sampling";
import { drawsFor } from "../random-draws";
import { checkMemory } from "./memory";
import { checkBase, type OpenedRun, openRun, type RunInputs } from "./opened-run";

/** Parameters up to which a step is tried: loading and running it then takes about a second. */
const quickParameters = 20e6;
/** Share of a step that is its forward pass: the backward one takes two matrix products for each of its. */
const forwardShare = 1 / 3;

/** Throws InputError for whatever a run would refuse before its first step, or the signal's reason. */
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
    // The first one also waits for the runtime to plan the graph.
    await step(session, rows, settings);
    const start = performance.now();
    await step(session, rows, settings);
    return (performance.now() - start) / 1000 / tokensOf(rows);
  } finally {
    await session.release();
  }
}

/** Forwards and backwards, as a step of the run, but nothing is updated. */
async function step(
  session: TrainingSession,
  rows: readonly PackedPair[],
  { objective, loss, batchTokens, seed }: TrainSettings,
): Promise<void> {
  const isContrastive = objective === "reward" && loss.lambda > 0;
  const random = drawsFor(seed, "states", 1);
  for (const run of runsOf(rows, batchTokens, session.lengthBoundary)) {
    const states = isContrastive ? sampleStates(run, widthOf(run), loss, random) : undefined;
    await session.step(makeBatch(run, states), drawsFor(seed, "dropout", 1));
    await setImmediate();
  }
}

function tokensOf(rows: readonly PackedPair[]): number {
  return rows.reduce((total, { length }) => total + length, 0);
}
