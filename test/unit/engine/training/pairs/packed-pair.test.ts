import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeBatch, widthOf } from "../../../../../extension/engine/training/graph/batch";
import { inputNames } from "../../../../../extension/engine/training/graph/training-graph";
import {
  branch,
  type Pair,
  packPair,
  partedTokens,
  rejectedPlace,
  type Sequence,
} from "../../../../../extension/engine/training/pairs/packed-pair";
import { anyPair, pairOf } from "../../../../support/pairs";

const somePairs = fc.array(anyPair, { minLength: 1, maxLength: 4 });

function integers(batch: ReturnType<typeof makeBatch>, name: string): number[] {
  const tensor = batch.integers[name];
  if (!tensor) throw new Error(`no ${name}`);
  expect(tensor.data.length).toBe(tensor.shape.reduce((size, dim) => size * dim, 1));
  return Array.from(tensor.data, Number);
}

test("the trunk is what both sequences start with, except for the last token of the shorter one", () => {
  fc.assert(
    fc.property(anyPair, (pair) => {
      const { trunk, length } = packPair(pair, true);
      const [chosen, rejected] = [Array.from(pair.chosen.ids), Array.from(pair.rejected.ids)];
      expect(chosen.slice(0, trunk)).toEqual(rejected.slice(0, trunk));
      expect(trunk).toBeLessThan(Math.min(chosen.length, rejected.length));
      const isCapped = trunk === Math.min(chosen.length, rejected.length) - 1;
      if (!isCapped) expect(chosen[trunk]).not.toBe(rejected[trunk]);
      expect(length).toBe(chosen.length + rejected.length - trunk);
    }),
  );
});

test("a completion that begins with all of the other one keeps a token of its own", () => {
  const { trunk, length } = packPair(pairOf([1, 2], [3, 4], [3, 4, 5]), true);
  expect([trunk, length]).toEqual([3, 6]);
});

test("ranked tokens are paired one by one after the trunk, up to the last one of each side", () => {
  fc.assert(
    fc.property(anyPair, (pair) => {
      const row = packPair(pair, true);
      const [chosen, rejected] = [pair.chosen.ids.length, pair.rejected.ids.length];
      const ranked = partedTokens(row);
      expect(ranked.length).toBe(Math.max(chosen, rejected) - row.trunk);
      expect(ranked[0]).toEqual([row.trunk, rejectedPlace(row, row.trunk)]);
      expect(ranked.at(-1)).toEqual([chosen - 1, row.length - 1]);
      ranked.forEach(([a, b], i) => {
        expect(a).toBe(Math.min(row.trunk + i, chosen - 1));
        expect(b).toBe(Math.min(chosen + i, row.length - 1));
      });
    }),
  );
});

test("every pair has the same weight in token ranking, however many tokens it has", () => {
  fc.assert(
    fc.property(somePairs, (pairs) => {
      const rows = pairs.map((pair) => packPair(pair, true));
      const { floats } = makeBatch(rows, undefined);
      const weights = floats[inputNames.rankedWeights]?.data ?? new Float32Array();
      let at = 0;
      for (const row of rows) {
        const own = weights.subarray(at, at + partedTokens(row).length);
        expect(own.reduce((total, w) => total + w, 0)).toBeCloseTo(1 / rows.length, 5);
        at += own.length;
      }
      expect(at).toBe(weights.length);
    }),
  );
});

describe("a batch of any pairs", () => {
  test("has every token of both sequences with its position and branch", () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const rows = pairs.map((pair) => packPair(pair, true));
        const batch = makeBatch(rows, undefined);
        const ids = integers(batch, inputNames.ids);
        const positions = integers(batch, inputNames.positions);
        const branches = integers(batch, inputNames.branches);
        expect(batch.integers[inputNames.ids]?.shape).toEqual([pairs.length, batch.width]);
        rows.forEach((row, b) => {
          const start = b * batch.width;
          const covered = new Set<number>();
          const holds = (at: number, t: number, side: Sequence, own: number): void => {
            covered.add(at);
            expect([ids[start + at], positions[start + at], branches[start + at]]).toEqual([
              side.ids[t],
              t,
              t < row.trunk ? branch.trunk : own,
            ]);
          };
          const { chosen, rejected } = row.pair;
          for (const t of chosen.ids.keys()) holds(t, t, chosen, branch.chosen);
          for (const t of rejected.ids.keys()) holds(rejectedPlace(row, t), t, rejected, branch.rejected);
          expect(covered.size).toBe(row.length);
          for (let at = row.length; at < batch.width; at++) expect(branches[start + at]).toBe(branch.padding);
        });
      }),
    );
  });

  test("reads rewards at the last token of each side, and knows the longest sequence", () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const rows = pairs.map((pair) => packPair(pair, true));
        const batch = makeBatch(rows, undefined);
        expect(integers(batch, inputNames.last)).toEqual(
          rows.flatMap(({ pair, length }, b) => [
            b * batch.width + pair.chosen.ids.length - 1,
            b * batch.width + length - 1,
          ]),
        );
        expect(batch.width).toBe(widthOf(rows));
        expect(batch.longest).toBe(
          Math.max(...pairs.flatMap(({ chosen, rejected }) => [chosen.ids.length, rejected.ids.length])),
        );
      }),
    );
  });

  test("predicts each token of chosen completions from the one before it", () => {
    fc.assert(
      fc.property(somePairs, fc.boolean(), (pairs, withRejected) => {
        const batch = makeBatch(
          pairs.map((pair) => packPair(pair, withRejected)),
          undefined,
        );
        const expected = pairs.flatMap(({ chosen: { ids, firstToken } }, b) =>
          Array.from(ids, (id, t) => ({ state: b * batch.width + t - 1, id, t }))
            // The first token of a sequence has no token before it.
            .filter(({ t }) => t >= Math.max(1, firstToken))
            .map(({ state, id }) => [state, id]),
        );
        const targets = integers(batch, inputNames.lmTargets);
        expect(integers(batch, inputNames.lmStates).map((state, i) => [state, targets[i]])).toEqual(expected);
      }),
    );
  });
});

test("rows of a language model have only the chosen sequence", () => {
  const pair = pairOf([1, 2], [3, 4, 5], [6]);
  const batch = makeBatch([packPair(pair, false)], undefined);
  expect(integers(batch, inputNames.ids)).toEqual([1, 2, 3, 4, 5]);
  expect(integers(batch, inputNames.branches)).toEqual([0, 0, 0, 0, 0]);
});

test("margins and drawn states are in the order of the rows", () => {
  const pairs: Pair[] = [
    { ...pairOf([1], [2], [3]), margin: 0.5 },
    { ...pairOf([1], [2, 4], [3]), margin: 2 },
  ];
  const states = {
    positive: { sources: [1, 2], goals: [3, 4] },
    negative: { sources: [5], goals: [6] },
  };
  const batch = makeBatch(
    pairs.map((pair) => packPair(pair, true)),
    states,
  );
  expect([...(batch.floats[inputNames.margins]?.data ?? [])]).toEqual([0.5, 2]);
  expect(integers(batch, inputNames.positiveSources)).toEqual([1, 2]);
  expect(integers(batch, inputNames.positiveGoals)).toEqual([3, 4]);
  expect(integers(batch, inputNames.negativeSources)).toEqual([5]);
  expect(integers(batch, inputNames.negativeGoals)).toEqual([6]);
});
