/** Checks that peers compute the same scores: otherwise the ratio of their speeds means nothing. */
import type { Scores } from "./protocol";

/** Two runtimes may differ by at most this much in the float32 scores of one model. */
const tolerance = 1e-3;

export function requireSameIds(
  who: string,
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
): void {
  if (JSON.stringify(ours) !== JSON.stringify(theirs))
    throw new Error(`${who} produced different token ids for the same texts`);
}

/** Compares the scores that both peers return, and returns the largest difference. */
export function requireSameScores(who: string, ours: Scores, theirs: Scores): number {
  const worst = Math.max(
    ...[
      [ours.rewards, theirs.rewards],
      [ours.q?.flat(), theirs.q?.flat()],
      [ours.partialRewards?.flat(), theirs.partialRewards?.flat()],
    ].map(([a, b]) => (a && b ? largestDifference(a, b) : 0)),
  );
  // Negated so that NaN fails.
  if (!(worst <= tolerance)) throw new Error(`${who} gives different scores: off by ${worst.toPrecision(2)}`);
  return worst;
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (b[i] ?? Number.NaN))), 0);
}
