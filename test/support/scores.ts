import type { ScoredCompletion, TokenScores } from "../../extension/protocol/scores";

/** A scored completion with what a test cares about, and quiet values for the rest. */
export function scored(parts: Partial<ScoredCompletion>): ScoredCompletion {
  const tokens = parts.tokenScores?.ids.length ?? 0;
  return {
    row: 0,
    role: "completion",
    reward: null,
    rewardToken: tokens > 0 ? tokens - 1 : null,
    q: {},
    tokens: 0,
    truncated: 0,
    warnings: [],
    ...parts,
  };
}

/** Tokens at the given ranges with one Q-value each, for the goal state `good`. null: NaN. */
export function tokensAt(...ranges: readonly [start: number, end: number, q: number | null][]): TokenScores {
  return {
    ids: new Int32Array(ranges.length),
    starts: Int32Array.from(ranges, ([start]) => start),
    ends: Int32Array.from(ranges, ([, end]) => end),
    q: { good: Float32Array.from(ranges, ([, , q]) => q ?? Number.NaN) },
    ownTexts: { 0: "" },
  };
}
