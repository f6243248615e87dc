import { expect, test } from "vitest";
import {
  firstOf,
  joined,
  sequenceScoresOf,
} from "../../../../../extension/engine/scoring/prefixes/sequence-scores";

/** Two rows of three tokens and two goal states: q is 10·token + goal, plus 100 in the second row. */
const batch = {
  length: 3,
  q: Float32Array.of(0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121),
  partialReward: Float32Array.of(0.5, 1.5, 2.5, 100.5, 101.5, 102.5),
  hidden: undefined,
};

test("the scores of a batch row contain only its own tokens, without padding", () => {
  expect(sequenceScoresOf(batch, 0, 3, 2)).toEqual({
    q: Float32Array.of(0, 1, 10, 11, 20, 21),
    partialReward: Float32Array.of(0.5, 1.5, 2.5),
  });
  expect(sequenceScoresOf(batch, 1, 2, 2)).toEqual({
    q: Float32Array.of(100, 101, 110, 111),
    partialReward: Float32Array.of(100.5, 101.5),
  });
});

test("firstOf returns the scores of the first tokens", () => {
  expect(firstOf(sequenceScoresOf(batch, 1, 3, 2), 1, 2)).toEqual({
    q: Float32Array.of(100, 101),
    partialReward: Float32Array.of(100.5),
  });
});

test("sequences are joined in order, in new arrays", () => {
  const [a, b] = [firstOf(sequenceScoresOf(batch, 0, 3, 2), 1, 2), sequenceScoresOf(batch, 1, 2, 2)];
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
  const row = sequenceScoresOf(headless, 1, 2, 2);
  expect(row.partialReward).toBeUndefined();
  expect(firstOf(row, 1, 2).partialReward).toBeUndefined();
  expect(joined(row, row).partialReward).toBeUndefined();
  expect(joined(sequenceScoresOf(batch, 0, 1, 2), row).partialReward).toBeUndefined();
});

test("without goal states there are no Q-values", () => {
  const goalless = { ...batch, q: new Float32Array() };
  expect(sequenceScoresOf(goalless, 1, 2, 0)).toEqual({
    q: new Float32Array(),
    partialReward: Float32Array.of(100.5, 101.5),
  });
});
