import { expect, test } from "vitest";
import { requestsOf } from "../../../../extension/editor/scores/row-requests";

const row = (start: number, length = 100) => ({ start, end: start + length });

test("rows are asked for in their order, a few at once", () => {
  const rows = Array.from({ length: 20 }, (_, i) => row(100 * i));
  expect(requestsOf(rows)).toEqual([rows.slice(0, 16), rows.slice(16)]);
  expect(requestsOf([])).toEqual([]);
});

test("rows of megabytes keep no other waiting", () => {
  const [a, long, b, longer] = [row(0), row(100, 2e6), row(2_000_100), row(2_000_200, 20e6)];
  expect(requestsOf([a, long, b, longer])).toEqual([[a, b], [long], [longer]]);
});
