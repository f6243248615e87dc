import { expect, it } from "vitest";
import { estimateMemory } from "../../../../extension/engine/runtime/memory";

const smolLm2 = {
  layers: 30,
  hiddenSize: 576,
  innerSize: 1536,
  heads: 9,
  vocabularySize: 49152,
  maxPositions: 8192,
};

it("is above the peak measured for a sequence of 4096 tokens, but not far", () => {
  const measured = 721e6;
  const { total } = estimateMemory(smolLm2, 134.5e6);
  expect(total).toBeGreaterThan(measured);
  expect(total).toBeLessThan(1.2 * measured);
});

it("counts the scores of soft-capped attention, which are held whole", () => {
  const { batch } = estimateMemory(smolLm2, 134.5e6);
  const capped = estimateMemory({ ...smolLm2, attentionSoftCap: 50 }, 134.5e6).batch;
  expect(capped - batch).toBe(4 * 9 * 4096 ** 2);
});
