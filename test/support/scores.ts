import type { ScoredCompletion, TokenScore } from "../../extension/protocol/scores";

/** A scored completion with what a test cares about, and quiet values for the rest. */
export function scored(parts: Partial<ScoredCompletion>): ScoredCompletion {
  const tokens = parts.tokenScores?.length ?? 0;
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

/** Tokens at the given ranges with one Q-value each, for the goal state `good`. */
export function tokensAt(...ranges: readonly [start: number, end: number, q: number | null][]): TokenScore[] {
  return ranges.map(([start, end, q]) => ({
    id: 0,
    text: "",
    start,
    end,
    q: { good: q },
    partialReward: null,
  }));
}
