import { expect, test } from "vitest";
import { batchesOf } from "../../../extension/scores/batches-of-rows";

const row = (number: number, characters = 100) => ({ number, characters });

test("rows are requested in order, a few at a time", () => {
  const rows = Array.from({ length: 20 }, (_, i) => row(i));
  expect(batchesOf(rows)).toEqual([rows.slice(0, 16), rows.slice(16)]);
  expect(batchesOf([])).toEqual([]);
});

test("very long rows do not delay the others", () => {
  const [a, long, b, longer] = [row(0), row(1, 2e6), row(2), row(3, 20e6)];
  expect(batchesOf([a, long, b, longer])).toEqual([[a, b], [long], [longer]]);
});
