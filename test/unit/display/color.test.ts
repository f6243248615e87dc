import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketOf, buckets, middle, strengthOf } from "../../../extension/display/color";
import { isLow } from "../../../extension/display/metric";

const scale = { low: -1, threshold: 0, high: 1 };
const uneven = { low: -1, threshold: 0.5, high: 1 };
const values = fc.double({ min: -2, max: 2, noNaN: true });

describe("the bucket of a value", () => {
  test("is 0 at the low end, the middle at the threshold, 20 at the high end", () => {
    expect([-1, 0, 1].map((value) => bucketOf(scale, value))).toEqual([0, 10, 20]);
    expect([-1, 0.5, 1].map((value) => bucketOf(uneven, value))).toEqual([0, middle, buckets - 1]);
    expect([-9, 9].map((value) => bucketOf(scale, value))).toEqual([0, 20]);
  });

  test("is red just below the threshold, and neutral just above it", () => {
    expect(bucketOf(scale, -1e-9)).toBe(9);
    expect(bucketOf(scale, 1e-9)).toBe(10);
    expect(bucketOf(scale, 0.04)).toBe(10);
  });

  test("is rounded away from the middle below the threshold, to the nearest above it", () => {
    expect([-0.75, -0.72, -0.11].map((value) => bucketOf(scale, value))).toEqual([2, 2, 8]);
    expect([0.06, 0.72, 0.78].map((value) => bucketOf(scale, value))).toEqual([11, 17, 18]);
  });

  test("is one of 21, and below the middle for low values only", () => {
    fc.assert(
      fc.property(values, (value) => {
        const bucket = bucketOf(uneven, value);
        expect(bucket < middle).toBe(isLow(uneven, value));
        expect(Number.isInteger(bucket) && bucket >= 0 && bucket < buckets).toBe(true);
      }),
    );
  });

  test("never falls as the value rises", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(bucketOf(uneven, less)).toBeLessThanOrEqual(bucketOf(uneven, more));
      }),
    );
  });
});

test("the color is strongest at both ends and absent in the middle", () => {
  expect([0, 5, 10, 15, 20].map(strengthOf)).toEqual([1, 0.5, 0, 0.5, 1]);
});
