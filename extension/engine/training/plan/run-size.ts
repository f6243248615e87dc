/** Computes a run's parameter counts and memory. */
import type { TrainSettings } from "../../../protocol/train-settings";
import type { TrainingMemory } from "../../../protocol/training";
import { availableMemory } from "../../runtime/available-memory";
import type { OpenedModel } from "../../scoring/reward-model";
import { buildTrainingGraph } from "../graph/training-graph";
import { packPair } from "../pairs/packed-pair";
import type { PairSet } from "../pairs/pairs";
import { estimateTraining } from "./memory";

export interface RunSize {
  /** Parameters of the model, including those that training adds. */
  readonly parameters: number;
  readonly trainable: number;
  readonly memory: TrainingMemory;
}

/** Reads shapes only; no weights are loaded. */
export async function runSize(model: OpenedModel, pairs: PairSet, settings: TrainSettings): Promise<RunSize> {
  const graph = buildTrainingGraph(model, { ...settings, dtype: "float32" }, false);
  const trainable = count(graph.parameters.map(({ shape }) => shape));
  const added = graph.parameters.filter(({ start }) => start.kind !== "stored");
  const parameters = count([...model.checkpoint.tensors.values(), ...added].map(({ shape }) => shape));
  const available = await availableMemory();
  return {
    parameters,
    trainable,
    memory: memoryOf(model, parameters, trainable, pairs, settings, available),
  };
}

function memoryOf(
  { decoder }: OpenedModel,
  parameters: number,
  trainable: number,
  pairs: PairSet,
  { batchTokens, objective, loss }: TrainSettings,
  available: number,
): TrainingMemory {
  const rows = [...pairs.training, ...pairs.evaluation].map(
    (pair) => packPair(pair, objective === "reward").length,
  );
  const hasLogits = objective === "language-model" || loss.lmWeight > 0;
  const size = {
    parameters,
    trainable,
    batchTokens,
    longestRow: rows.reduce((most, length) => Math.max(most, length), 0),
    logits: hasLogits ? decoder.shape.vocabularySize : 0,
  };
  return estimateTraining(decoder.shape, size, available);
}

function count(shapes: readonly (readonly number[])[]): number {
  return shapes.reduce((total, shape) => total + shape.reduce((size, dim) => size * dim, 1), 0);
}
