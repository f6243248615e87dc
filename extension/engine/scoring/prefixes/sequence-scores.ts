/** Scores of one sequence by token, cut out of batches and put together from parts. */
import type { BatchScores } from "../../runtime/session";

export interface SequenceScores {
  /** [T,G]; empty without goal states. */
  readonly q: Float32Array;
  /** [T]; absent without a reward head. */
  readonly partialReward: Float32Array | undefined;
}

/** The first tokens of one row of a batch. goals: G. */
export function rowOf(
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

/** The first tokens of a sequence. goals: G. */
export function firstOf({ q, partialReward }: SequenceScores, tokens: number, goals: number): SequenceScores {
  return { q: q.subarray(0, tokens * goals), partialReward: partialReward?.subarray(0, tokens) };
}

/** Those of one sequence before those of another, in memory of their own. */
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
