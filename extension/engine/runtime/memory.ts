/** What scoring with a model takes, before it is loaded. */
import type { DecoderShape } from "../architecture/family";

/** Bytes. */
export interface MemoryEstimate {
  /** Weights as they are held for float32 arithmetic. */
  readonly weights: number;
  /** One default batch: activations and attention scores. */
  readonly batch: number;
  readonly total: number;
}

/** Tokens of a batch unless asked otherwise: enough to keep the matrix units busy, small enough for the caches. */
export const defaultBatchTokens = 2048;

/** The runtime itself, the tokenizer and the process. */
const overhead = 150e6;

export function estimateMemory(shape: DecoderShape, parameters: number): MemoryEstimate {
  const weights = 4 * parameters;
  // Alive at once: about six hidden states and three MLP widths a token, and a row of attention scores a head.
  const width = 6 * shape.hiddenSize + 3 * shape.innerSize;
  const scores = shape.heads * Math.min(defaultBatchTokens, shape.maxPositions);
  const batch = 4 * defaultBatchTokens * (width + scores);
  return { weights, batch, total: weights + batch + overhead };
}
