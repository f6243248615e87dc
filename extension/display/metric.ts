/** What tokens are shaded by: one number per token, and its scale. Pure: the editor and webviews share it. */

import type { Metric } from "../protocol/choices";
import type { TokenScores } from "../protocol/scores";

export const metricNames: Readonly<Record<Metric, string>> = {
  q: "Q-value",
  "q-change": "Change in Q",
  "partial-reward": "Partial reward",
};

/** The metric of each token, [T]; undefined if the score is NaN, or if a change has no token before it. */
export function metricValues(
  { ids, partialRewards, q }: Pick<TokenScores, "ids" | "partialRewards" | "q">,
  metric: Metric,
  goal: string | undefined,
): (number | undefined)[] {
  const column = metric === "partial-reward" ? partialRewards : goal === undefined ? undefined : q[goal];
  const values = Array.from(ids, (_, i) => known(column?.[i]));
  if (metric !== "q-change") return values;
  return values.map((value, i) => {
    const before = values[i - 1];
    return value === undefined || before === undefined ? undefined : value - before;
  });
}

/** undefined instead of NaN. */
export function known(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** Values from `low` to `high`; below `threshold` a token is low. On a full scale, low <= threshold <= high. */
export interface Scale {
  readonly low: number;
  readonly threshold: number;
  readonly high: number;
  /** Value with the neutral color; absent if it is the threshold. */
  readonly middle?: number;
}

/**
 * @param threshold Q below which a token is low, in [-1,1]
 * @param rewards percentiles of a model's rewards if they are known: value i is the (i·5)th
 */
export function scaleOf(metric: Metric, threshold: number, rewards: readonly number[] | undefined): Scale {
  if (metric === "q") return { low: -1, threshold, high: 1 };
  if (metric === "q-change") return { low: -1, threshold: -0.25, high: 1 };
  // Rewards of correct and incorrect completions form two clusters, which the middle of the range separates best.
  const [low, high] = [rewards?.[1], rewards?.[19]];
  return low !== undefined && high !== undefined && low < high
    ? { low, threshold: (low + high) / 2, high }
    : { low: -3, threshold: 0, high: 3 };
}

/** Colors do not distinguish values in a range narrower than this. */
const narrowest = 1e-6;

/**
 * A scale whose colors span only the range of the values, so that small differences are visible. The threshold does not
 * change. It has the neutral color if it is in the range; otherwise the middle of the range has it.
 */
export function withinRange(scale: Scale, values: readonly (number | undefined)[]): Scale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === undefined) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // This is also the case if there are no values.
  if (!(high - low > narrowest)) return scale;
  const { threshold } = scale;
  const middle = low < threshold && threshold < high ? threshold : (low + high) / 2;
  return { low, threshold, high, middle };
}

/** Position of a value on the color scale: -1 at `low` and below, 0 at the middle, 1 at `high` and above. */
export function positionOn({ low, threshold, high, middle = threshold }: Scale, value: number): number {
  // A threshold may be an end of its scale; the span on that side is then 0.
  if (value === middle) return 0;
  const span = value < middle ? middle - low : high - middle;
  return Math.min(1, Math.max(-1, (value - middle) / span));
}

export function isLow(scale: Scale, value: number | undefined): boolean {
  return value !== undefined && value < scale.threshold;
}
