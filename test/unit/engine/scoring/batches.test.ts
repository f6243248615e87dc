import fc from "fast-check";
import { expect, test } from "vitest";
import { planBatches } from "../../../../extension/engine/scoring/batches";

const lengths = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 200 });

test("every sequence is in exactly one batch, and no batch of several sequences exceeds the token limit", () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 2000 }), (all, maxTokens) => {
      const batches = planBatches(all, { maxTokens, boundary: Number.POSITIVE_INFINITY });
      expect(batches.flat().sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
      for (const batch of batches) {
        const longest = Math.max(...batch.map((i) => all[i] ?? 0));
        if (batch.length > 1) expect(batch.length * longest).toBeLessThanOrEqual(maxTokens);
      }
    }),
  );
});

test("sequences on both sides of a frequency boundary never share a batch", () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 300 }), (all, boundary) => {
      for (const batch of planBatches(all, { maxTokens: 4096, boundary })) {
        const sides = new Set(batch.map((i) => (all[i] ?? 0) > boundary));
        expect(sides.size).toBe(1);
      }
    }),
  );
});

test("a batch is filled before the next one starts", () => {
  expect(planBatches([10, 10, 10, 10, 10], { maxTokens: 20, boundary: 100 })).toEqual([[0, 1], [2, 3], [4]]);
});

test("long sequences come first, and one that exceeds the limit gets its own batch", () => {
  expect(planBatches([3, 50, 10, 9], { maxTokens: 20, boundary: 100 })).toEqual([[1], [2, 3], [0]]);
  expect(planBatches([10, 10, 4, 4], { maxTokens: 100, boundary: 5 })).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(planBatches([], { maxTokens: 20, boundary: 100 })).toEqual([]);
});
