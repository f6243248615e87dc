import { describe, expect, test } from "vitest";
import {
  bootstrapInterval,
  meanInterval,
  studentQuantile,
} from "../../../../extension/engine/evaluation/intervals";
import { pairAccuracy } from "../../../../extension/engine/evaluation/pair-accuracy";
import { quantiles } from "../../../../extension/engine/evaluation/quantiles";
import { reference } from "./reference";

test("quantiles are numpy's", () => {
  for (const { values, shares, quantiles: expected } of reference.quantiles)
    quantiles(values, shares).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 12);
    });
  expect(quantiles([], [0.5])).toEqual([]);
  const unsorted = [3, 1, 2];
  expect(quantiles(unsorted, [0, 1])).toEqual([1, 3]);
  expect(unsorted).toEqual([3, 1, 2]);
});

describe("means over seeds", () => {
  test("the quantiles of Student's t are scipy's", () => {
    reference.student.forEach((expected, i) => {
      expect(Math.abs(studentQuantile(i + 1) - expected)).toBeLessThan(1e-5);
    });
  });

  test.each(reference.means)("of $values.length values as scipy has it", ({ values, mean, interval }) => {
    const found = meanInterval(values);
    expect(found?.mean).toBeCloseTo(mean, 12);
    expect(found?.interval?.low).toBeCloseTo(interval[0], 5);
    expect(found?.interval?.high).toBeCloseTo(interval[1], 5);
  });

  test("of one value there is no interval, of none no mean", () => {
    expect(meanInterval([4])).toEqual({ mean: 4, interval: undefined });
    expect(meanInterval([])).toBeUndefined();
  });
});

describe("the bootstrap over prompts", () => {
  const pairsOf = (margins: readonly number[]) =>
    margins.map((chosen, prompt) => ({ chosen, rejected: 0, prompt }));

  test.each(["accuracy", "margin"] as const)("of the %s is near scipy's", (name) => {
    const { margins, value, interval } = reference[name];
    const pairs = pairsOf(margins);
    expect(pairAccuracy(pairs)?.[name]).toBeCloseTo(value, 12);
    const statistic = (weights: Uint32Array) => pairAccuracy(pairs, weights)?.[name];
    const found = bootstrapInterval(pairs.length, statistic, { seed: 3, resamples: 5000 });
    expect(Math.abs((found?.low ?? Number.NaN) - interval[0])).toBeLessThan(0.02);
    expect(Math.abs((found?.high ?? Number.NaN) - interval[1])).toBeLessThan(0.02);
  });

  test("is one for a seed, another for another; every resample draws as many prompts as there are", () => {
    const margins = reference.margin.margins;
    const of = (seed: number) =>
      bootstrapInterval(
        margins.length,
        (weights) => {
          expect(weights.reduce((total, weight) => total + weight, 0)).toBe(margins.length);
          return margins.reduce((total, margin, i) => total + margin * (weights[i] ?? 0), 0);
        },
        { seed, resamples: 100 },
      );
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test("gains nothing from repeated pairs of a prompt", () => {
    const pairs = pairsOf([1, -1, 2, 0.5, -3, 1]);
    const tenfold = pairs.flatMap((pair) => Array.from({ length: 10 }, () => pair));
    const [once, often] = [pairs, tenfold].map((all) =>
      bootstrapInterval(6, (weights) => pairAccuracy(all, weights)?.accuracy, { seed: 1, resamples: 500 }),
    );
    expect(often).toEqual(once);
  });

  /** A statistic that counts its calls, and has no value in the first `missing` of them. */
  function counter(missing = 0): () => number | undefined {
    let calls = 0;
    return () => (calls++ < missing ? undefined : calls);
  }

  test("takes the statistic as often as it is told, and reaches from the 2.5th to the 97.5th percentile", () => {
    expect(bootstrapInterval(2, counter(), { seed: 1, resamples: 41 })).toEqual({ low: 2, high: 40 });
  });

  test("needs two prompts", () => {
    const settings = { seed: 1, resamples: 20 };
    expect(bootstrapInterval(0, () => 1, settings)).toBeUndefined();
    expect(bootstrapInterval(1, () => 1, settings)).toBeUndefined();
    expect(bootstrapInterval(2, () => 1, settings)).toEqual({ low: 1, high: 1 });
  });

  test("needs a value in more than half of the resamples, and is that of the others", () => {
    const settings = { seed: 1, resamples: 80 };
    expect(bootstrapInterval(9, () => undefined, settings)).toBeUndefined();
    expect(bootstrapInterval(9, counter(40), settings)).toBeUndefined();
    expect(bootstrapInterval(9, counter(39), settings)).toEqual({ low: 41, high: 79 });
    expect(bootstrapInterval(9, () => undefined, { seed: 1, resamples: 0 })).toBeUndefined();
  });
});

test("ties of a pair count half; of no pairs there is no accuracy", () => {
  const pair = (chosen: number, rejected: number) => ({ chosen, rejected, prompt: 0 });
  expect(pairAccuracy([pair(2, 1), pair(1, 1), pair(0, 3), pair(5, 1)])).toEqual({
    accuracy: 0.625,
    margin: 0.5,
  });
  expect(pairAccuracy([])).toBeUndefined();
  expect(pairAccuracy([pair(1, 0)], [0])).toBeUndefined();
});
