/** Completions marked by hand move with their text while it is edited. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { movedMarks, type TextChange } from "../../../../../extension/editor/documents/regions/marks";

/** Text with one mark in brackets, in which `{old|new}` is an edit from `old` to `new`. */
function edited(sketch: string): string | undefined {
  let text = "";
  const bounds: number[] = [];
  const changes: TextChange[] = [];
  for (const [piece] of sketch.matchAll(/[[\]]|\{[^}]*\}|[^[\]{]+/g)) {
    if (piece === "[" || piece === "]") bounds.push(text.length);
    else if (piece.startsWith("{")) {
      const [old = "", next = ""] = piece.slice(1, -1).split("|");
      changes.push({ rangeOffset: text.length, rangeLength: old.length, text: next });
      text += old;
    } else text += piece;
  }
  const [start = 0, end = 0] = bounds;
  const moved = movedMarks([{ start, end }], changes)?.[0];
  const after = [...changes]
    .reverse()
    .reduce(
      (all, change) =>
        all.slice(0, change.rangeOffset) + change.text + all.slice(change.rangeOffset + change.rangeLength),
      text,
    );
  return moved && after.slice(moved.start, moved.end);
}

describe("a mark", () => {
  test.each([
    ["{|ab}cd[ef]gh", "ef"],
    ["{abcd|}cd[ef]gh", "ef"],
    ["cd[ef]gh{|ab}", "ef"],
    ["cd[e{|12}f]gh", "e12f"],
    ["cd[e{fgh|}i]j", "ei"],
    ["cd{|12}[ef]gh", "ef"],
    ["cd[ef]{|12}gh", "ef12"],
    ["cd[ef]{gh|12}", "ef"],
    ["cd[{ef|123}]gh", "123"],
    ["cd{|1}[e{|2}f]{|3}gh", "e2f3"],
  ])("of %s then holds %s", (sketch, held) => {
    expect(edited(sketch)).toBe(held);
  });

  test("is removed with its text", () => {
    expect(edited("cd[{ef|}]gh")).toBeUndefined();
    expect(
      movedMarks([{ start: 2, end: 4 }], [{ rangeOffset: 1, rangeLength: 4, text: "xyz" }]),
    ).toBeUndefined();
  });

  test("keeps the rest of its text if an edit crosses its boundary", () => {
    const marks = [{ start: 4, end: 8 }];
    expect(movedMarks(marks, [{ rangeOffset: 2, rangeLength: 4, text: "x" }])).toEqual([
      { start: 3, end: 5 },
    ]);
    expect(movedMarks(marks, [{ rangeOffset: 6, rangeLength: 9, text: "x" }])).toEqual([
      { start: 4, end: 6 },
    ]);
  });

  test("moves independently of others, in whatever order changes are reported", () => {
    const marks = [
      { start: 2, end: 4 },
      { start: 6, end: 8 },
    ];
    const changes = [
      { rangeOffset: 0, rangeLength: 0, text: "a" },
      { rangeOffset: 5, rangeLength: 0, text: "bc" },
    ];
    const moved = [
      { start: 3, end: 5 },
      { start: 9, end: 11 },
    ];
    expect(movedMarks(marks, changes)).toEqual(moved);
    expect(movedMarks(marks, changes.reverse())).toEqual(moved);
  });

  test("stays in the text, whatever the edit", () => {
    const change = fc.record({
      rangeOffset: fc.nat(20),
      rangeLength: fc.nat(10),
      text: fc.string({ maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.nat(15), fc.integer({ min: 1, max: 10 }), change, (start, length, each) => {
        const size = Math.max(30, each.rangeOffset + each.rangeLength);
        const [mark] = movedMarks([{ start, end: start + length }], [each]) ?? [];
        if (!mark) return;
        expect(mark.start).toBeGreaterThanOrEqual(0);
        expect(mark.end).toBeGreaterThan(mark.start);
        expect(mark.end).toBeLessThanOrEqual(size + each.text.length - each.rangeLength);
      }),
    );
  });
});
