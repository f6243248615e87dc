/** What scoring with a model takes, before it is loaded. */
import type { MemoryEstimate } from "../../protocol/models";
import type { DecoderShape } from "../architecture/family";

/** Tokens of a batch unless asked otherwise: enough for the matrix units, small for the caches, little padding. */
export const defaultBatchTokens = 1024;

/** Longest sequence unless asked otherwise: beyond it attention's memory grows past what a default should take. */
export const defaultMaxLength = 4096;

/** Most bytes of keys and values that a model keeps for sequences that will begin alike. */
export const keptBytes = 128 * 2 ** 20;

/** The runtime itself, the tokenizer and the process. */
const overhead = 150e6;

export function estimateMemory(shape: DecoderShape, parameters: number): MemoryEstimate {
  const weights = 4 * parameters;
  const longest = Math.min(defaultMaxLength, shape.maxPositions);
  // A sequence longer than a batch is a batch by itself.
  const tokens = Math.max(defaultBatchTokens, longest);
  // Alive at once: about six hidden states and three MLP widths a token.
  const width = 6 * shape.hiddenSize + 3 * shape.innerSize;
  // Soft-capped attention holds the scores of all pairs of tokens; else they are made in blocks.
  const scores = shape.attentionSoftCap === undefined ? 0 : shape.heads * longest;
  const batch = 4 * tokens * (width + scores);
  return { weights, batch, total: weights + batch + overhead };
}
