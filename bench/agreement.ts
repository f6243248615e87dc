/** A ratio counts only between peers that computed the same. */
import type { Scores } from "./protocol";

/** Largest difference of float32 scores of one model on two runtimes. */
const tolerance = 1e-3;

export function requireSameIds(
  who: string,
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
): void {
  if (JSON.stringify(ours) !== JSON.stringify(theirs))
    throw new Error(`${who} made other token ids of the same texts`);
}

/** Compares what both have; returns the largest difference. */
export function requireSameScores(who: string, ours: Scores, theirs: Scores): number {
  const worst = Math.max(
    ...[
      [ours.rewards, theirs.rewards],
      [ours.q?.flat(), theirs.q?.flat()],
      [ours.partialRewards?.flat(), theirs.partialRewards?.flat()],
    ].map(([a, b]) => (a && b ? largestDifference(a, b) : 0)),
  );
  // Written so that NaN fails.
  if (!(worst <= tolerance)) throw new Error(`${who} gives other scores: off by ${worst.toPrecision(2)}`);
  return worst;
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (b[i] ?? Number.NaN))), 0);
}
