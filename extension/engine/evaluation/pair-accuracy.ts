/** Measures how often a model ranks preference pairs in the same order as the data. */

/** The rewards of a preference pair. */
export interface RewardPair {
  readonly chosen: number;
  readonly rejected: number;
  /** Index of the prompt, which the bootstrap resamples. */
  readonly prompt: number;
}

export interface PairAccuracy {
  /** Fraction of pairs whose chosen completion has the higher reward; ties count half. */
  readonly accuracy: number;
  /** Mean of chosen reward − rejected reward. */
  readonly margin: number;
}

/**
 * @param weights per prompt, how many times its pairs count; once by default
 * @returns undefined if there are no pairs
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
