import type { TrainingMemory } from "../../../protocol/training";
import type { DecoderShape } from "../../architecture/family";
import { InputError } from "../../errors";
import { gibibytes } from "../../runtime/memory";

export interface TrainingSize {
  readonly parameters: number;
  readonly trainable: number;
  /** Tokens run at once, and of the longest row. */
  readonly batchTokens: number;
  readonly longestRow: number;
  /** Of the language-model loss; 0 without it. */
  readonly logits: number;
}

/** The runtime itself, the tokenizer and the process. */
const overhead = 200e6;

/**
 * The numbers that stay alive per token and layer: 1.5 times what training SmolLM2-135M with LoRA was seen to take. The
 * finished model, which is loaded at the end, takes less than the sessions that are released before.
 * @param available bytes that the machine can give now
 */
export function estimateTraining(shape: DecoderShape, size: TrainingSize, available: number): TrainingMemory {
  const { hiddenSize, innerSize, heads, layers } = shape;
  const frozen = size.parameters - Math.min(size.parameters, size.trainable);
  // Frozen matrices are held as they are and packed for two products, forwards and backwards; the evaluation's graph has its own.
  const weights = 4 * (4 * frozen);
  const optimizer = 4 * 5 * size.trainable;
  const tokens = Math.max(size.batchTokens, size.longestRow);
  const perToken = layers * (8 * hiddenSize + 4 * innerSize + 2 * heads * size.longestRow) + 2 * size.logits;
  const activations = 4 * tokens * perToken;
  return {
    weights,
    optimizer,
    activations,
    total: weights + optimizer + activations + overhead,
    available,
  };
}

/** Throws InputError with the numbers if a run cannot fit. */
export function checkMemory(memory: TrainingMemory, place: string): void {
  if (memory.total <= memory.available) return;
  throw new InputError(
    place,
    `training would take about ${gibibytes(memory.total)} (weights ${gibibytes(memory.weights)}, ` +
      `optimizer ${gibibytes(memory.optimizer)}, a batch ${gibibytes(memory.activations)}), and ${gibibytes(memory.available)} ` +
      "are free",
    { code: "memory-short", data: { needed: memory.total, available: memory.available } },
  );
}
