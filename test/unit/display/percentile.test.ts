import fc from "fast-check";
import { expect, test } from "vitest";
import { percentileOf } from "../../../extension/display/percentile";

/** The (i·5)th percentile is i squared. */
const quantiles = Array.from({ length: 21 }, (_, i) => i * i);

test("a reward at a known percentile has that share", () => {
  quantiles.forEach((reward, i) => {
    expect(percentileOf(reward, quantiles)).toBeCloseTo(i / 20, 12);
  });
});

test("between two percentiles, the share is interpolated linearly", () => {
  expect(percentileOf(6.5, quantiles)).toBeCloseTo(0.125, 12);
  expect(percentileOf(4 + 5 / 4, quantiles)).toBeCloseTo(0.1125, 12);
});

test("the share is 0 below the lowest reward, and 1 above the highest", () => {
  expect(percentileOf(-1, quantiles)).toBe(0);
  expect(percentileOf(0, quantiles)).toBe(0);
  expect(percentileOf(400, quantiles)).toBe(1);
  expect(percentileOf(401, quantiles)).toBe(1);
});

test("a reward of many completions has the share of its highest percentile", () => {
  const tied = [0, 1, 1, 1, 2];
  expect(percentileOf(1, tied)).toBeCloseTo(0.75, 12);
  expect(percentileOf(1.5, tied)).toBeCloseTo(0.875, 12);
  expect(percentileOf(0.5, tied)).toBeCloseTo(0.125, 12);
  expect(percentileOf(1, [1, 1, 2])).toBe(0);
});

test("the share is in [0,1] and never falls as the reward rises", () => {
  const sorted = fc
    .array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 21 })
    .map((all) => all.sort((a, b) => a - b));
  const reward = fc.integer({ min: -25, max: 25 });
  fc.assert(
    fc.property(sorted, reward, reward, (known, a, b) => {
      const [less, more] = [percentileOf(Math.min(a, b), known), percentileOf(Math.max(a, b), known)];
      expect(less).toBeGreaterThanOrEqual(0);
      expect(more).toBeLessThanOrEqual(1);
      expect(less).toBeLessThanOrEqual(more ?? Number.NaN);
    }),
  );
});

test("without two known percentiles, there is no share", () => {
  expect(percentileOf(1, undefined)).toBeUndefined();
  expect(percentileOf(1, [])).toBeUndefined();
  expect(percentileOf(2, [1])).toBeUndefined();
  expect(percentileOf(1.5, [1, 2])).toBeCloseTo(0.5, 12);
});
