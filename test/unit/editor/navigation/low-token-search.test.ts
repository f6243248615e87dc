import { describe, expect, test } from "vitest";
import {
  type SearchDirection,
  type SearchOutcome,
  searchLowToken,
} from "../../../../extension/editor/navigation/low-token-search";

/** Offsets of the low spans in each row; a row has ten characters. */
const rows: readonly (readonly number[])[] = [[3], [], [25, 28], [], [41]];

interface Search {
  readonly direction: SearchDirection;
  readonly cursor: number;
  /** Rows that are not scored when the search begins. */
  readonly open?: readonly number[];
  readonly most?: number;
}

async function search({
  direction,
  cursor,
  open = [],
  most = 9,
}: Search): Promise<{ found: SearchOutcome; asked: number[][] }> {
  const unscored = new Set(open);
  const asked: number[][] = [];
  const order = direction === "next" ? [0, 1, 2, 3, 4] : [4, 3, 2, 1, 0];
  const groups = [order.slice(0, 2), order.slice(2, 4), order.slice(4)];
  const isAhead = (start: number): boolean => (direction === "next" ? start > cursor : start < cursor);
  const found = await searchLowToken({
    direction,
    passes: [
      { groups, accepts: isAhead },
      { groups, accepts: (start) => !isAhead(start) },
    ],
    startsIn: (row) => (unscored.has(row) ? undefined : rows[row]),
    score: async (group) => {
      if (asked.length >= most) return false;
      asked.push([...group]);
      for (const row of group) unscored.delete(row);
      return true;
    },
  });
  return { found, asked };
}

describe("the search for a low token", () => {
  test("goes from span to span, within a row and across rows, and around the ends", async () => {
    const nextFrom = async (cursor: number) => (await search({ direction: "next", cursor })).found;
    expect(await nextFrom(3)).toEqual({ kind: "found", start: 25 });
    expect(await nextFrom(25)).toEqual({ kind: "found", start: 28 });
    expect(await nextFrom(41)).toEqual({ kind: "found", start: 3 });
    const previousFrom = async (cursor: number) => (await search({ direction: "previous", cursor })).found;
    expect(await previousFrom(41)).toEqual({ kind: "found", start: 28 });
    expect(await previousFrom(28)).toEqual({ kind: "found", start: 25 });
    expect(await previousFrom(3)).toEqual({ kind: "found", start: 41 });
  });

  test("scores rows on its way, one group at a time, and none after the span that it finds", async () => {
    const { found, asked } = await search({ direction: "next", cursor: 5, open: [1, 2, 3, 4] });
    expect(found).toEqual({ kind: "found", start: 25 });
    expect(asked).toEqual([[1], [2, 3]]);
  });

  test("stops when no more rows are scored", async () => {
    const { found, asked } = await search({ direction: "previous", cursor: 41, open: [3, 2], most: 1 });
    expect(asked).toEqual([[3]]);
    expect(found).toEqual({ kind: "stopped" });
  });

  test("says if there is none", async () => {
    const found = await searchLowToken({
      direction: "next",
      passes: [{ groups: [[0, 1]], accepts: () => true }],
      startsIn: () => [],
      score: async () => true,
    });
    expect(found).toEqual({ kind: "none" });
  });

  test("a row that cannot be scored does not hold it up", async () => {
    const found = await searchLowToken({
      direction: "next",
      passes: [{ groups: [[0, 1]], accepts: () => true }],
      startsIn: (row) => (row === 0 ? undefined : [12]),
      score: async () => true,
    });
    expect(found).toEqual({ kind: "found", start: 12 });
  });
});
