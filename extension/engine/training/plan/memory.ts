/** What a training run takes, before it starts. */

import { totalmem } from "node:os";
import type { TrainingMemory } from "../../../protocol/training";
import type { DecoderShape } from "../../architecture/family";
import { InputError } from "../../errors";

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

/** The numbers that stay alive a token and layer: 1.5 times what training SmolLM2-135M with LoRA was seen to take. */
export function estimateTraining(shape: DecoderShape, size: TrainingSize): TrainingMemory {
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
    available: availableMemory(),
  };
}

/** Throws InputError with the numbers where a run cannot fit. */
export function checkMemory(memory: TrainingMemory, place: string): void {
  if (memory.total <= memory.available) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new InputError(
    place,
    `training would take about ${gigabytes(memory.total)} (weights ${gigabytes(memory.weights)}, ` +
      `optimizer ${gigabytes(memory.optimizer)}, a batch ${gigabytes(memory.activations)}), and ${gigabytes(memory.available)} ` +
      "are free",
    { code: "memory-short", data: { needed: memory.total, available: memory.available } },
  );
}

function availableMemory(): number {
  // Node counts what the system could free; older versions know the total alone.
  return process.availableMemory?.() ?? totalmem();
}
