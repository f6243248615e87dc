import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  epochBatches,
  microBatches,
  stepsPerEpoch,
} from "../../../../../extension/engine/training/pairs/order";
import { type PackedPair, packPair } from "../../../../../extension/engine/training/pairs/packed-pair";
import { pairOf } from "../../../../support/pairs";

/** Returns a distinct pair for each length. */
function pairsOf(lengths: readonly number[]): PackedPair[] {
  return lengths.map((length, i) =>
    packPair(
      pairOf(
        [1],
        Array.from({ length }, () => 2 + i),
        [0],
      ),
      true,
    ),
  );
}

const somePairs = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 100 }).map(pairsOf);
const anySize = fc.integer({ min: 1, max: 9 });

describe("an epoch", () => {
  test("has every pair exactly once, and only one batch may be smaller", () => {
    fc.assert(
      fc.property(somePairs, anySize, fc.integer(), fc.nat(5), (pairs, size, seed, epoch) => {
        const batches = epochBatches(pairs, size, seed, epoch);
        expect(batches.length).toBe(stepsPerEpoch(pairs.length, size));
        expect(batches.flat().length).toBe(pairs.length);
        expect(new Set(batches.flat())).toEqual(new Set(pairs));
        const smaller = batches.filter((batch) => batch.length !== size);
        expect(smaller.map(({ length }) => length)).toEqual(
          pairs.length % size === 0 ? [] : [pairs.length % size],
        );
      }),
    );
  });

  test("is the same for a seed, and differs between epochs and seeds", () => {
    const pairs = pairsOf(Array.from({ length: 60 }, (_, i) => 1 + (i % 7)));
    const order = (seed: number, epoch: number): number[] =>
      epochBatches(pairs, 4, seed, epoch)
        .flat()
        .map((pair) => pairs.indexOf(pair));
    expect(order(1, 0)).toEqual(order(1, 0));
    expect(order(1, 0)).not.toEqual(order(1, 1));
    expect(order(1, 0)).not.toEqual(order(2, 0));
    expect(order(1, 0)).not.toEqual(pairs.map((_, i) => i));
  });

  test("batches pairs of similar length, without training on the short ones first", () => {
    const pairs = pairsOf(Array.from({ length: 256 }, (_, i) => 1 + ((i * 37) % 64)));
    const batches = epochBatches(pairs, 8, 1, 0);
    const padded = batches.reduce(
      (sum, batch) => sum + batch.length * Math.max(...batch.map(({ length }) => length)),
      0,
    );
    const tokens = pairs.reduce((sum, { length }) => sum + length, 0);
    // Random batches would have about 1.8 times as many tokens with padding.
    expect(padded / tokens).toBeLessThan(1.2);
    const means = batches.map((batch) => batch.reduce((sum, { length }) => sum + length, 0) / batch.length);
    expect(means).not.toEqual([...means].sort((a, b) => a - b));
    const half = (from: number): number =>
      means.slice(from, from + 16).reduce((sum, mean) => sum + mean, 0) / 16;
    expect(Math.abs(half(0) - half(16))).toBeLessThan(12);
  });
});

describe("micro-batches of a step", () => {
  test("have every pair once and stay within the tokens allowed; a longer pair is alone", () => {
    fc.assert(
      fc.property(somePairs, fc.integer({ min: 1, max: 200 }), (pairs, maxTokens) => {
        const split = microBatches(pairs, maxTokens);
        expect(split.flat().length).toBe(pairs.length);
        expect(new Set(split.flat())).toEqual(new Set(pairs));
        for (const rows of split) {
          const padded = rows.length * Math.max(...rows.map(({ length }) => length));
          if (rows.length > 1) expect(padded).toBeLessThanOrEqual(maxTokens);
        }
      }),
    );
  });

  test("never have pairs on both sides of the boundary; a pair's longer sequence decides", () => {
    const long = packPair(
      pairOf(
        [1],
        [2],
        Array.from({ length: 20 }, () => 3),
      ),
      true,
    );
    // The packed row is longer than the boundary, but neither sequence is.
    const short = packPair(
      pairOf(
        [1],
        Array.from({ length: 9 }, () => 2),
        Array.from({ length: 9 }, () => 3),
      ),
      true,
    );
    expect(short.length).toBeGreaterThan(10);
    expect(microBatches([long, short], 1000, 10)).toEqual([[short], [long]]);
    expect(microBatches([long, short], 1000)).toEqual([[long, short]]);
    fc.assert(
      fc.property(somePairs, (pairs) => {
        for (const rows of microBatches(pairs, 100, 10)) {
          const sides = rows.map(({ pair }) => pair.chosen.ids.length > 10);
          expect(new Set(sides).size).toBe(1);
        }
      }),
    );
  });
});
