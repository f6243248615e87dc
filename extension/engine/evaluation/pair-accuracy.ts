/** How often a model ranks preference pairs as the data does. */

/** Rewards of a preference pair. */
export interface RewardPair {
  readonly chosen: number;
  readonly rejected: number;
  /** Index of the prompt, by which a bootstrap weighs. */
  readonly prompt: number;
}

export interface PairAccuracy {
  /** Share of pairs whose chosen completion has the higher reward; ties count half. */
  readonly accuracy: number;
  /** Mean of chosen reward − rejected reward. */
  readonly margin: number;
}

/**
 * @param weights by prompt, how many times its pairs count; absent: once
 *
 * undefined: there is no pair.
 */
export function pairAccuracy(
  pairs: readonly RewardPair[],
  weights?: ArrayLike<number>,
): PairAccuracy | undefined {
  let [won, margins, count] = [0, 0, 0];
  for (const { chosen, rejected, prompt } of pairs) {
    const weight = weights?.[prompt] ?? 1;
    const margin = chosen - rejected;
    won += weight * (margin > 0 ? 1 : margin === 0 ? 0.5 : 0);
    margins += weight * margin;
    count += weight;
  }
  return count > 0 ? { accuracy: won / count, margin: margins / count } : undefined;
}
