/** Estimates the memory that training takes. */
import type { TrainingMemory } from "../../../protocol/training";
import type { DecoderShape } from "../../architecture/family";
import { InputError } from "../../errors";
import { gibibytes } from "../../runtime/memory";

export interface TrainingSize {
  readonly parameters: number;
  readonly trainable: number;
  /** Most tokens per micro-batch. */
  readonly batchTokens: number;
  /** Length of the longest row in tokens. */
  readonly longestRow: number;
  /** Logits per token for the language-model loss; 0 without that loss. */
  readonly logits: number;
}

/** Bytes for the process, the runtime and the tokenizer. */
const overhead = 200e6;

/**
 * Estimates bytes from the floats held per token and layer: 1.5 times what training SmolLM2-135M with LoRA was measured
 * to take. The finished model, which is loaded at the end, takes less than the sessions released before it.
 *
 * @param available bytes of free memory
 */
export function estimateTraining(shape: DecoderShape, size: TrainingSize, available: number): TrainingMemory {
  const { hiddenSize, innerSize, heads, layers } = shape;
  const frozen = size.parameters - Math.min(size.parameters, size.trainable);
  // Frozen matrices are held as stored, and packed for the forward and the backward product; the evaluation session
  // holds one more copy.
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

/** Throws InputError if a run needs more memory than is free. */
export function checkMemory(memory: TrainingMemory, place: string): void {
  if (memory.total <= memory.available) return;
  throw new InputError(
    place,
    `training would take about ${gibibytes(memory.total)} (weights ${gibibytes(memory.weights)}, ` +
      `optimizer ${gibibytes(memory.optimizer)}, a batch ${gibibytes(memory.activations)}), but only ` +
      `${gibibytes(memory.available)} are free`,
    { code: "memory-short", data: { needed: memory.total, available: memory.available } },
  );
}
