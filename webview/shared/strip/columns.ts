/** Columns of token scores, read token by token. Pure. */
import type { TokenScores } from "../../../extension/protocol/scores";

/** A token as `extension/display` reads it; null stands for a score that is not finite. */
export interface DisplayToken {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly q: Readonly<Record<string, number | null>>;
  readonly partialReward: number | null;
}

const known = new WeakMap<TokenScores, readonly DisplayToken[]>();

/** Made once per completion. */
export function displayTokens(scores: TokenScores): readonly DisplayToken[] {
  const made = known.get(scores) ?? Array.from(scores.ids, (_, i) => displayToken(scores, i));
  known.set(scores, made);
  return made;
}

function displayToken({ ids, starts, ends, partialRewards, q }: TokenScores, i: number): DisplayToken {
  return {
    id: ids[i] ?? 0,
    start: starts[i] ?? 0,
    end: ends[i] ?? 0,
    q: Object.fromEntries(Object.entries(q).map(([goal, values]) => [goal, finite(values[i])])),
    partialReward: finite(partialRewards?.[i]),
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
