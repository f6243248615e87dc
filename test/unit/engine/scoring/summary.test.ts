import { expect, test } from "vitest";
import { summary } from "../../../../extension/engine/scoring/score";

test("of a completion as long as Llama 3.1 reads, all values count", () => {
  const values = Float32Array.from({ length: 131_073 }, (_, i) => (i === 70_000 ? -0.75 : 0.25));
  expect(summary(values, 0.25)).toMatchObject({ min: -0.75, last: 0.25 });
});

test("values that are not numbers are left out, and none is null", () => {
  expect(summary(Float32Array.of(0.5, Number.NaN, -0.5, Number.NaN), Number.NaN)).toEqual({
    min: -0.5,
    mean: 0,
    last: null,
  });
  expect(summary(Float32Array.of(Number.NaN), Number.NaN)).toEqual({ min: null, mean: null, last: null });
});
