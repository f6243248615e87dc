/** 95% intervals: over seeds by Student's t, over prompts by the bootstrap. */
import type { Bootstrap, Interval } from "../../protocol/evaluation";
import { randomSequence } from "../random";
import { quantiles } from "./quantiles";

export interface MeanInterval {
  readonly mean: number;
  /** undefined: one value says nothing of how far others lie. */
  readonly interval: Interval | undefined;
}

/** Mean ± t(n−1) · s/√n, of the values of n seeds. undefined: there are none. */
export function meanInterval(values: readonly number[]): MeanInterval | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((total, value) => total + value, 0) / n;
  if (n === 1) return { mean, interval: undefined };
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (n - 1);
  const half = studentQuantile(n - 1) * Math.sqrt(variance / n);
  return { mean, interval: { low: mean - half, high: mean + half } };
}

/** 0.975 quantiles of Student's t for 1 to 10 degrees of freedom. */
const smallQuantiles = [
  12.70620474, 4.30265273, 3.18244631, 2.77644511, 2.57058184, 2.44691185, 2.36462425, 2.30600414, 2.26215716,
  2.22813885,
];
/** The same of the normal distribution. */
const z = 1.959963984540054;

/** 0.975 quantile of Student's t; beyond the table by Abramowitz and Stegun 26.7.5, within 1e-5. */
export function studentQuantile(degrees: number): number {
  const known = smallQuantiles[degrees - 1];
  if (known !== undefined) return known;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((total, term, i) => total + term / degrees ** (i + 1), z);
}

/**
 * Percentile bootstrap over prompts: completions of one prompt are alike, so they are drawn together.
 *
 * @param prompts how many there are
 * @param statistic takes, by prompt, how many times it was drawn; undefined where it has no value
 *
 * undefined: there are fewer than two prompts, or half of the resamples have no value.
 */
export function bootstrapInterval(
  prompts: number,
  statistic: (weights: Uint32Array) => number | undefined,
  { seed, resamples }: Bootstrap,
): Interval | undefined {
  if (prompts < 2) return undefined;
  const random = randomSequence(seed);
  const weights = new Uint32Array(prompts);
  const values: number[] = [];
  for (let i = 0; i < resamples; i++) {
    weights.fill(0);
    for (let drawn = 0; drawn < prompts; drawn++) {
      const prompt = Math.floor(random() * prompts);
      weights[prompt] = (weights[prompt] ?? 0) + 1;
    }
    const value = statistic(weights);
    if (value !== undefined) values.push(value);
  }
  const [low, high] = quantiles(values, [0.025, 0.975]);
  return low === undefined || high === undefined || 2 * values.length <= resamples
    ? undefined
    : { low, high };
}
