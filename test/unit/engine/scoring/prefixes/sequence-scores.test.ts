import { expect, test } from "vitest";
import { firstOf, joined, rowOf } from "../../../../../extension/engine/scoring/prefixes/sequence-scores";

/** Two rows of three tokens, two goal states: q is 10·token + goal, and 100 more in the second row. */
const batch = {
  length: 3,
  q: Float32Array.of(0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121),
  partialReward: Float32Array.of(0.5, 1.5, 2.5, 100.5, 101.5, 102.5),
  hidden: undefined,
};

test("a row of a batch has its own tokens alone, without padding", () => {
  expect(rowOf(batch, 0, 3, 2)).toEqual({
    q: Float32Array.of(0, 1, 10, 11, 20, 21),
    partialReward: Float32Array.of(0.5, 1.5, 2.5),
  });
  expect(rowOf(batch, 1, 2, 2)).toEqual({
    q: Float32Array.of(100, 101, 110, 111),
    partialReward: Float32Array.of(100.5, 101.5),
  });
});

test("the first tokens of a sequence are those of its beginning", () => {
  expect(firstOf(rowOf(batch, 1, 3, 2), 1, 2)).toEqual({
    q: Float32Array.of(100, 101),
    partialReward: Float32Array.of(100.5),
  });
});

test("sequences are joined in order, in memory of their own", () => {
  const [a, b] = [firstOf(rowOf(batch, 0, 3, 2), 1, 2), rowOf(batch, 1, 2, 2)];
  const both = joined(a, b);
  expect(both).toEqual({
    q: Float32Array.of(0, 1, 100, 101, 110, 111),
    partialReward: Float32Array.of(0.5, 100.5, 101.5),
  });
  expect(both.q.buffer).not.toBe(batch.q.buffer);
  expect(both.partialReward?.buffer).not.toBe(batch.partialReward.buffer);
});

test("without a reward head there are no partial rewards", () => {
  const headless = { ...batch, partialReward: undefined };
  const row = rowOf(headless, 1, 2, 2);
  expect(row.partialReward).toBeUndefined();
  expect(firstOf(row, 1, 2).partialReward).toBeUndefined();
  expect(joined(row, row).partialReward).toBeUndefined();
  expect(joined(rowOf(batch, 0, 1, 2), row).partialReward).toBeUndefined();
});

test("without goal states there are no Q-values", () => {
  const goalless = { ...batch, q: new Float32Array() };
  expect(rowOf(goalless, 1, 2, 0)).toEqual({
    q: new Float32Array(),
    partialReward: Float32Array.of(100.5, 101.5),
  });
});
