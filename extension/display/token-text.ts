import type { TokenScores } from "../protocol/scores";

/** Text of token i: its own if it has one, else its slice of the completion's text. */
export function tokenText(scores: TokenScores, completion: string, i: number): string {
  const own = scores.ownTexts[scores.ids[i] ?? -1];
  return own ?? completion.slice(scores.starts[i], scores.ends[i]);
}
