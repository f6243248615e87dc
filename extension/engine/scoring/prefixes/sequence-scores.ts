/** Extracts the scores of one sequence from a batch, and joins scores of its parts. */
import type { BatchScores } from "../../runtime/session";

export interface SequenceScores {
  /** [T,G]; empty without goal states. */
  readonly q: Float32Array;
  /** [T], or undefined without a reward head. */
  readonly partialReward: Float32Array | undefined;
}

/** Returns the scores of the first `tokens` tokens of a batch row; `goals` is G. */
export function sequenceScoresOf(
  { length, q, partialReward }: BatchScores,
  row: number,
  tokens: number,
  goals: number,
): SequenceScores {
  const at = row * length;
  return {
    q: q.subarray(at * goals, (at + tokens) * goals),
    partialReward: partialReward?.subarray(at, at + tokens),
  };
}

/** Returns the scores of the first `tokens` tokens of a sequence; `goals` is G. */
export function firstOf({ q, partialReward }: SequenceScores, tokens: number, goals: number): SequenceScores {
  return { q: q.subarray(0, tokens * goals), partialReward: partialReward?.subarray(0, tokens) };
}

/** Joins the scores of consecutive parts of a sequence in new arrays. */
export function joined(a: SequenceScores, b: SequenceScores): SequenceScores {
  return {
    q: concatenated(a.q, b.q),
    partialReward: a.partialReward && b.partialReward && concatenated(a.partialReward, b.partialReward),
  };
}

function concatenated(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
