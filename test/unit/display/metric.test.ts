import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLow, metricValues, positionOn, type Scale, scaleOf } from "../../../extension/display/metric";

const token = (good: number | null, partialReward: number | null, other: number | null = 0.5) => ({
  good,
  other,
  partialReward,
});

/** The tokens as columns; null is not a number. */
function columns(tokens: readonly ReturnType<typeof token>[]) {
  const floats = (values: readonly (number | null)[]) =>
    Float32Array.from(values, (value) => value ?? Number.NaN);
  return {
    ids: new Int32Array(tokens.length),
    partialRewards: floats(tokens.map(({ partialReward }) => partialReward)),
    q: { good: floats(tokens.map(({ good }) => good)), other: floats(tokens.map(({ other }) => other)) },
  };
}

describe("the metric of each token", () => {
  const tokens = [token(0.5, -2), token(0.75, 0), token(0.25, 3)];

  test("is its Q-value for the goal state that is shown", () => {
    expect(metricValues(columns(tokens), "q", "good")).toEqual([0.5, 0.75, 0.25]);
    expect(metricValues(columns([token(0, 1, -0.5)]), "q", "other")).toEqual([-0.5]);
  });

  test("is the change of Q from the token before: a rise is positive, and the first token has none", () => {
    expect(metricValues(columns(tokens), "q-change", "good")).toEqual([undefined, 0.25, -0.5]);
  });

  test("is its partial reward, with or without a goal state", () => {
    expect(metricValues(columns(tokens), "partial-reward", "good")).toEqual([-2, 0, 3]);
    expect(metricValues(columns(tokens), "partial-reward", undefined)).toEqual([-2, 0, 3]);
  });

  test("is undefined if the score is not a number, and then also the change to the next token", () => {
    const broken = [token(0.5, 1), token(null, null), token(0.25, 2), token(0, 0)];
    expect(metricValues(columns(broken), "q", "good")).toEqual([0.5, undefined, 0.25, 0]);
    expect(metricValues(columns(broken), "q-change", "good")).toEqual([
      undefined,
      undefined,
      undefined,
      -0.25,
    ]);
    expect(metricValues(columns(broken), "partial-reward", "good")).toEqual([1, undefined, 2, 0]);
  });

  test("is undefined without a goal state, or with one that was not scored", () => {
    const none = [undefined, undefined, undefined];
    expect(metricValues(columns(tokens), "q", undefined)).toEqual(none);
    expect(metricValues(columns(tokens), "q-change", undefined)).toEqual(none);
    expect(metricValues(columns(tokens), "q", "never scored")).toEqual(none);
  });
});

/** Percentiles of rewards in steps of 5, the 5th at -4 and the 95th at 10. */
const rewards = Array.from({ length: 21 }, (_, i) =>
  i === 0 ? -50 : i === 20 ? 50 : -4 + ((i - 1) * 14) / 18,
);

describe("the scale of a metric", () => {
  test("of Q is that of a cosine, low below the threshold", () => {
    expect(scaleOf("q", 0.3, rewards)).toEqual({ low: -1, threshold: 0.3, high: 1 });
    expect(scaleOf("q", -0.1, undefined)).toEqual({ low: -1, threshold: -0.1, high: 1 });
  });

  test("of the change in Q is low where Q falls by more than a quarter, whatever the threshold of Q", () => {
    expect(scaleOf("q-change", 0.3, rewards)).toEqual({ low: -1, threshold: -0.25, high: 1 });
  });

  test("of partial rewards reaches from the 5th to the 95th percentile, low below the middle between them", () => {
    expect(scaleOf("partial-reward", 0.3, rewards)).toEqual({ low: -4, threshold: 3, high: 10 });
  });

  test.each([
    ["unknown", undefined],
    ["too few", rewards.slice(0, 19)],
    ["none", []],
    ["all alike", Array(21).fill(2)],
  ])("of partial rewards is -3 to 3 if the percentiles are %s", (_, known) => {
    expect(scaleOf("partial-reward", 0.3, known)).toEqual({ low: -3, threshold: 0, high: 3 });
  });
});

const scales = fc
  .tuple(
    fc.integer({ min: -1000, max: 999 }),
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: 1, max: 500 }),
  )
  .map(([low, below, above]): Scale => ({ low, threshold: low + below, high: low + below + above }));

describe("the position on a scale", () => {
  const scale = { low: -1, threshold: 0.5, high: 1 };

  test("is -1 at the low end, 0 at the threshold, 1 at the high end, and linear between them", () => {
    expect([-1, -0.25, 0.5, 0.75, 1].map((value) => positionOn(scale, value))).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  test("does not leave [-1,1] beyond the ends", () => {
    expect([-100, 100].map((value) => positionOn(scale, value))).toEqual([-1, 1]);
  });

  test("never falls as the value rises, and is negative for low values only", () => {
    const values = fc.integer({ min: -3000, max: 3000 });
    fc.assert(
      fc.property(scales, values, values, (any, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(positionOn(any, less)).toBeLessThanOrEqual(positionOn(any, more));
        expect(positionOn(any, a) < 0).toBe(isLow(any, a));
      }),
    );
  });

  test("is a number for a threshold at either end of the scale", () => {
    expect([0.5, 1].map((value) => positionOn({ low: -1, threshold: 1, high: 1 }, value))).toEqual([
      -0.25, 0,
    ]);
    expect([-1, 0].map((value) => positionOn({ low: -1, threshold: -1, high: 1 }, value))).toEqual([0, 0.5]);
  });
});

test("a token is low below the threshold, not at it, and never without a value", () => {
  const scale = { low: -1, threshold: 0.5, high: 1 };
  expect([-2, 0.499, 0.5, 0.501, undefined].map((value) => isLow(scale, value))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(isLow({ low: -3, threshold: 1, high: 3 }, undefined)).toBe(false);
});
