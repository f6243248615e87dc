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

it.each([
  ["one sequence of 4096 tokens", 8192, 1325e6],
  ["one of 2048", 2048, 779e6],
])("is above the peak measured for %s, but not far", (_, maxPositions, measured) => {
  const { total } = estimateMemory({ ...smolLm2, maxPositions }, 134.5e6);
  expect(total).toBeGreaterThan(measured);
  expect(total).toBeLessThan(1.3 * measured);
});
