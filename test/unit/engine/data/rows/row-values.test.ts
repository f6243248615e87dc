/** A row's group and margin. */
import { describe, expect, test } from "vitest";
import { readRecord } from "../../../../../extension/engine/data/rows/row-formats";
import type { FieldNames } from "../../../../../extension/protocol/datasets";
import { fileOf, jsonLines, parquet, problemsOf, readAll } from "../files/files";

const pair = { prompt: "p", chosen: "a", rejected: "b" };

function values(record: object, names: FieldNames = {}, isTable = false): unknown {
  return readRecord({ ...pair, ...record }, names, isTable).values;
}

describe("group", () => {
  test.each([
    [{ source: "web" }, "web"],
    [{ group: "g", source: "s", subset: "t" }, "s"],
    [{ source: null, subset: 3 }, "3"],
    [{ source: { url: "x" }, domain: "maths" }, "maths"],
    [{ source: "", domain: 7n }, "7"],
    [{ group: false }, "false"],
  ])("of %o is %j", (record, group) => {
    expect(values(record)).toEqual({ group });
  });

  test("is absent if no field is suitable", () => {
    expect(values({})).toEqual({});
    expect(values({ source: ["a"], group: null })).toEqual({});
  });

  test("is the field that the user named, which must be text or a number", () => {
    expect(values({ source: "s", meta: { model: "m" } }, { group: "meta.model" })).toEqual({ group: "m" });
    expect(values({ source: "s", model: null }, { group: "model" })).toEqual({});
    expect(() => values({ model: ["m"] }, { group: "model" })).toThrow(
      "`model` is a list, not text or a number",
    );
  });
});

describe("margin", () => {
  test.each([
    [1.5, 1.5],
    [0, 0],
    [-2n, -2],
    ["0.25", 0.25],
  ])("of %o is %d", (margin, expected) => {
    expect(values({ margin })).toEqual({ margin: expected });
  });

  test.each([["large"], [""], [Number.NaN], [Infinity], ["Infinity"], [null], [true], [[1]]])(
    "is absent where the field holds %o",
    (margin) => {
      expect(values({ margin })).toEqual({});
    },
  );

  test("that the user named must be a number, if it is present", () => {
    const names = { margin: "gap" };
    expect(values({ margin: 1, gap: "3" }, names)).toEqual({ margin: 3 });
    expect(values({ gap: "" }, names, true)).toEqual({});
    expect(() => values({ gap: "large" }, names)).toThrow('`gap` is the text "large", not a finite number');
  });
});

test("rows of a file have both, and a bad one is reported by its line", async () => {
  const rows = [
    { ...pair, source: "a", gap: 1 },
    { ...pair, source: "b", gap: "x" },
  ];
  const outcome = await readAll(fileOf("pairs.jsonl", jsonLines(...rows)), { fields: { margin: "gap" } });
  expect(outcome.rows[0]).toMatchObject({ row: 0, group: "a", margin: 1 });
  expect(problemsOf(outcome)).toEqual(['pairs.jsonl:2: `gap` is the text "x", not a finite number']);
});

test("both are read from Parquet columns and CSV cells", async () => {
  const columns = { prompt: ["p"], chosen: ["a"], rejected: ["b"], subset: ["s"], margin: [0.5] };
  const csv = "prompt,chosen,rejected,subset,margin\np,a,b,s,0.5\n";
  for (const file of [fileOf("pairs.parquet", parquet(columns)), fileOf("pairs.csv", csv)])
    expect((await readAll(file)).rows).toMatchObject([{ group: "s", margin: 0.5 }]);
});
