/** Estimates the memory that scoring needs, before the model is loaded. */
import type { MemoryEstimate } from "../../protocol/models";
import type { DecoderShape } from "../architecture/family";
import { InputError } from "../errors";
import type { StoredTensor } from "../model-folder/safetensors";

/** Settings of scoring that determine its memory use. */
export interface ScoringUse {
  /** Maximum number of tokens in a batch. */
  readonly batchTokens: number;
  /** Number of tokens of the longest sequence. */
  readonly maxLength: number;
  /** Whether keys and values are cached for later sequences. */
  readonly keeps: boolean;
}

/** Default number of tokens in a batch: large enough for the matrix units, small enough for CPU caches and padding. */
export const defaultBatchTokens = 1024;

/** Default length of the longest sequence, in tokens; memory of attention scores grows with its square. */
export const defaultMaxLength = 4096;

/** Maximum bytes of cached keys and values per model. The newest sequence is cached even if it exceeds this. */
export const keptBytes = 128 * 2 ** 20;

/** Bytes of the process, ONNX Runtime and the tokenizer. */
const overhead = 150e6;

/**
 * Measured fraction of a matrix converted to float32 that stays allocated while others are loaded. Small matrices cause
 * more fragmentation than large ones.
 */
const lostShare = { small: 0.25, large: 0.08 };
/** Bytes in float32 at which a matrix counts as large. */
const largeMatrix = 16 * 2 ** 20;

/** Estimates in bytes. tensors: those that scoring reads. */
export function estimateMemory(
  shape: DecoderShape,
  tensors: readonly Pick<StoredTensor, "shape" | "length" | "type">[],
  use: ScoringUse,
): MemoryEstimate {
  let weights = 0;
  let loading = 0;
  for (const { shape: dims, length, type } of tensors) {
    const widened = 4 * dims.reduce((count, dim) => count * dim, 1);
    // Embedding rows are gathered before conversion, so the table stays in its stored type.
    const isEmbedding = dims.length === 2 && dims[0] === shape.vocabularySize;
    weights += isEmbedding ? length : widened;
    if (isEmbedding || type === "F32") continue;
    loading += (widened < largeMatrix ? lostShare.small : lostShare.large) * widened;
  }
  const longest = Math.min(use.maxLength, shape.maxPositions);
  // A sequence longer than batchTokens is a batch of its own.
  const tokens = Math.max(use.batchTokens, longest);
  // Allocated at once: about six hidden states and three inner MLP activations per token.
  const width = 6 * shape.hiddenSize + 3 * shape.innerSize;
  // Soft-capped attention stores the scores of all token pairs. Otherwise they are computed in blocks.
  const scores = shape.attentionSoftCap === undefined ? 0 : shape.heads * longest;
  const batch = 4 * tokens * (width + scores);
  // The newest sequence is cached, whatever its size.
  const newest = 4 * 2 * shape.layers * shape.keyValueWidth * longest;
  const kept = use.keeps ? Math.max(keptBytes, newest) : 0;
  const total = overhead + weights + Math.max(loading, batch + kept);
  return { weights, loading, batch, kept, runtime: overhead, total };
}

/** Throws InputError, with the estimates, if scoring needs more than `available` bytes. */
export function checkFits(estimate: MemoryEstimate, available: number, place: string): void {
  const { weights, loading, batch, kept, runtime, total } = estimate;
  if (total <= available) return;
  const parts = [
    `weights as float32 ${gibibytes(weights)}`,
    ...(loading > batch + kept
      ? [`converting them ${gibibytes(loading)}`]
      : [`a batch ${gibibytes(batch)}`, ...(kept > 0 ? [`keys and values ${gibibytes(kept)}`] : [])]),
    `ONNX Runtime ${gibibytes(runtime)}`,
  ];
  throw new InputError(
    place,
    `needs about ${gibibytes(total)} of memory (${parts.join(" + ")}), ` +
      `but only ${gibibytes(available)} is available; use a smaller model or a shorter maximum length, or close other programs`,
  );
}

/** Formats bytes, as in `12.3 GiB`. */
export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
