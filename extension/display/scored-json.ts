/** The JSON of a scored completion that `score --out` and Export Scores write. */
import type { QSummary, ScoredCompletion } from "../protocol/scores";
import { shortestOrNull } from "./float32";
import { type ListedToken, listedTokens } from "./token-list";

export interface ScoredJson extends Omit<ScoredCompletion, "tokenScores"> {
  readonly tokenScores?: readonly ListedToken[];
}

/**
 * Numbers have the fewest digits that identify the float32.
 * @param text of the completion; tokens are omitted if it is undefined
 */
export function scoredJson(
  { tokenScores, ...scores }: ScoredCompletion,
  text: string | undefined,
): ScoredJson {
  return {
    ...scores,
    reward: shortestOrNull(scores.reward),
    q: mapped(scores.q, ({ min, mean, last }: QSummary) => ({
      min: shortestOrNull(min),
      mean: shortestOrNull(mean),
      last: shortestOrNull(last),
    })),
    ...(tokenScores && text !== undefined
      ? { tokenScores: listedTokens(tokenScores, text).map(shortened) }
      : {}),
  };
}

function shortened(token: ListedToken): ListedToken {
  return { ...token, q: mapped(token.q, shortestOrNull), partialReward: shortestOrNull(token.partialReward) };
}

function mapped<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
