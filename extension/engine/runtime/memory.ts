/** What scoring with a model takes, before it is loaded. */
import type { MemoryEstimate } from "../../protocol/models";
import type { DecoderShape } from "../architecture/family";
import { InputError } from "../errors";
import type { StoredTensor } from "../model-folder/safetensors";

/** How a model is used. */
export interface ScoringUse {
  /** Tokens of a batch. */
  readonly batchTokens: number;
  /** Tokens of the longest sequence. */
  readonly maxLength: number;
  /** Whether keys and values are kept. */
  readonly keeps: boolean;
}

/** Tokens of a batch unless asked otherwise: enough for the matrix units, small for the caches, little padding. */
export const defaultBatchTokens = 1024;

/** Longest sequence unless asked otherwise: beyond it attention's memory grows past what a default should take. */
export const defaultMaxLength = 4096;

/** Most bytes of keys and values that a model keeps for sequences that will begin alike, except the newest ones. */
export const keptBytes = 128 * 2 ** 20;

/** The runtime itself, the tokenizer and the process. */
const overhead = 150e6;

/**
 * Share of a widened matrix that stays taken while others are loaded, as measured: small ones leave gaps that large ones
 * do not.
 */
const lostShare = { small: 0.25, large: 0.08 };
/** Bytes in float32 from which a matrix is large. */
const largeMatrix = 16 * 2 ** 20;

/** tensors: those that scoring reads. */
export function estimateMemory(
  shape: DecoderShape,
  tensors: readonly Pick<StoredTensor, "shape" | "length" | "type">[],
  use: ScoringUse,
): MemoryEstimate {
  let weights = 0;
  let loading = 0;
  for (const { shape: dims, length, type } of tensors) {
    const widened = 4 * dims.reduce((count, dim) => count * dim, 1);
    // Rows are chosen from the file, and widened then.
    const isEmbedding = dims.length === 2 && dims[0] === shape.vocabularySize;
    weights += isEmbedding ? length : widened;
    if (isEmbedding || type === "F32") continue;
    loading += (widened < largeMatrix ? lostShare.small : lostShare.large) * widened;
  }
  const longest = Math.min(use.maxLength, shape.maxPositions);
  // A sequence longer than a batch is a batch by itself.
  const tokens = Math.max(use.batchTokens, longest);
  // Alive at once: about six hidden states and three MLP widths a token.
  const width = 6 * shape.hiddenSize + 3 * shape.innerSize;
  // Soft-capped attention holds the scores of all pairs of tokens; else they are made in blocks.
  const scores = shape.attentionSoftCap === undefined ? 0 : shape.heads * longest;
  const batch = 4 * tokens * (width + scores);
  // The newest sequence is kept, whatever its size.
  const newest = 4 * 2 * shape.layers * shape.keyValueWidth * longest;
  const kept = use.keeps ? Math.max(keptBytes, newest) : 0;
  return { weights, loading, batch, kept, total: overhead + weights + Math.max(loading, batch + kept) };
}

/** Throws InputError, with the numbers, if scoring takes more than `available` bytes. */
export function checkFits(estimate: MemoryEstimate, available: number, place: string): void {
  const { weights, loading, batch, kept, total } = estimate;
  if (total <= available) return;
  const parts = [
    `weights as float32 ${gibibytes(weights)}`,
    ...(loading > batch + kept
      ? [`converting them ${gibibytes(loading)}`]
      : [`a batch ${gibibytes(batch)}`, ...(kept > 0 ? [`keys and values ${gibibytes(kept)}`] : [])]),
    `the runtime ${gibibytes(overhead)}`,
  ];
  throw new InputError(
    place,
    `needs about ${gibibytes(total)} of memory (${parts.join(" + ")}), but only ${gibibytes(available)} are available; ` +
      "use a smaller model or a shorter maximum length, or close other programs",
  );
}

/** `12.3 GiB` */
export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
