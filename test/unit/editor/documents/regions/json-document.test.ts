/** JSON documents and whole JSON Lines files: the places of their rows, and how broken rows are handled. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { regionsOf } from "../../../../../extension/editor/documents/regions/documents";
import { openDataset } from "../../../../../extension/engine/data/dataset";
import { completionsIn, goodRegions } from "./found";
import { rowCases } from "./rows";
import { writings } from "./written-json";

const folder = mkdtempSync(join(tmpdir(), "json-document-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const row = (completion: string): object => ({ prompt: "p", completion });

describe("rows of a JSON document", () => {
  test.each<[string, unknown]>([
    ["a list", [row("a"), row("b")]],
    ["one row", row("a")],
    [
      "the datasets server's envelope",
      {
        features: [],
        rows: [
          { row_idx: 0, row: row("a") },
          { row_idx: 1, row: row("b") },
        ],
      },
    ],
    ["a list under a name", { version: 1, data: [row("a")] }],
    ["a row with a list of its own", { ...row("a"), examples: [1] }],
    ["no row", []],
  ])("are found in %s", (_, value) => {
    const count = JSON.stringify(value).split('"p"').length - 1;
    for (const indent of [undefined, 1, "\t"]) {
      const text = `\uFEFF\n ${JSON.stringify(value, undefined, indent)}\r\n`;
      const regions = goodRegions("json", text);
      expect(completionsIn(text, regions)).toEqual([["a"], ["b"]].slice(0, count));
      for (const { start, end } of regions) expect(text.slice(start, end)).toMatch(/^\{.*\}$/s);
    }
  });

  test("are found in a sequence of values", () => {
    const text = '{"completion":"a"}{"completion":"b"}\n\n[{"completion":"c"}]';
    expect(completionsIn(text, goodRegions("json", text))).toEqual([["a"], ["b"], ["c"]]);
  });

  test("are those that the engine reads, at the places that it names", async () => {
    const path = join(folder, "rows.json");
    const documents = fc.array(rowCases, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.constantFrom(undefined, 1, 3),
        fc.boolean(),
        async (rows, indent, isWrapped) => {
          const values = rows.map(({ value }) => value);
          const text = JSON.stringify(isWrapped ? { rows: values } : values, undefined, indent);
          // Files cannot contain lone surrogates.
          fc.pre(text.isWellFormed());
          writeFileSync(path, text);
          const read = [];
          for await (const each of (await openDataset(path)).rows()) read.push(each);
          const regions = regionsOf("json", text, "rows.json");
          expect(regions.map((region) => ("row" in region ? region.row : region.problem))).toEqual(read);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("are the same as the engine's if they are escaped, out of order, or named twice", async () => {
    const path = join(folder, "written.json");
    const documents = fc.array(rowCases, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(documents, writings, async (rows, write) => {
        const text = write(rows.map(({ value }) => value)).source.toWellFormed();
        writeFileSync(path, text);
        const read = [];
        for await (const each of (await openDataset(path)).rows()) read.push(each);
        const regions = regionsOf("json", text, "written.json");
        expect(regions.map((region) => ("row" in region ? region.row : region.problem))).toEqual(read);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test("keep their key when other rows move them", () => {
    const [one, other] = [JSON.stringify(row("a")), JSON.stringify(row("b"))];
    const [alone] = goodRegions("json", one);
    const [, second] = goodRegions("json", `[${other},\n  ${one}]`);
    expect(second?.key).toBe(alone?.key);
  });

  test.each([
    ['[{"completion":"a"},]', ["a"], ['unexpected "]"']],
    ['[{"completion":"a"}', ["a"], ["the JSON ends too early"]],
    ['[{"completion":"a"} {"completion":"b"}]', ["a", "b"], ["a comma or the list's end is missing"]],
    ['[{"completion":"a"},\n// x\n{"completion":"b"}]', ["a"], ["is not valid JSON"]],
    ['[{"completion":"a"},\n{"completion":"b",}, 3]', ["a"], ["is not valid JSON", "3 (a number)"]],
    ['[{"completion":"a"}, {"completion":"b"', ["a"], ["is not valid JSON", "ends too early"]],
    ['{"completion":"a"} b', ["a"], ["is not valid JSON"]],
  ])("of %s are read up to the error", (text, completions, problems) => {
    const regions = regionsOf("json", text, "a.json");
    const bad = regions.flatMap((region) => ("problem" in region ? [region] : []));
    const good = regions.flatMap((region) => ("row" in region ? [region] : []));
    expect(completionsIn(text, good).flat().slice(0, completions.length)).toEqual(completions);
    expect(bad.length).toBeGreaterThan(0);
    for (const problem of problems) expect(bad.map((each) => each.problem).join("; ")).toContain(problem);
  });

  describe.each([
    ["a list", (rows: string) => rows],
    ["a list under a name", (rows: string) => `{"version": 1, "rows": ${rows}, "z": 2}`],
  ])("of %s, each on lines of its own", (_, wrap) => {
    const whole = JSON.stringify(["a", "b", "c"].map(row), undefined, 2);

    test.each([
      ["an open quote", '"b"', '"b', ["a", "c"], "is not valid JSON"],
      ["a quote too many", '"b"', '"b""', ["a", "c"], "is not valid JSON"],
      ["an open brace", '"b"\n  }', '"b"\n', ["a", "c"], "is not valid JSON"],
      ["a brace too many", '"b"\n  }', '"b"\n  }}', ["a", "b", "c"], "a comma or the list's end is missing"],
      ["no comma", '"b"\n  },', '"b"\n  }', ["a", "b", "c"], "a comma or the list's end is missing"],
      ["an open quote in the last row", '"c"', '"c', ["a", "b"], "is not valid JSON"],
    ])("are read around one with %s", (_name, from, to, completions, problem) => {
      for (const document of [whole, whole.replaceAll("\n", "\r\n")]) {
        const [sought, put] =
          document === whole ? [from, to] : [from, to].map((each) => each.replaceAll("\n", "\r\n"));
        const text = wrap(document.replace(sought ?? "", put ?? ""));
        const regions = regionsOf("json", text, "a.json");
        const good = regions.flatMap((region) => ("row" in region ? [region] : []));
        expect(completionsIn(text, good).flat()).toEqual(completions);
        const problems = regions.flatMap((region) => ("problem" in region ? [region.problem] : []));
        expect(problems[0]).toContain(problem);
        // After the last row, the list's end is missing too.
        expect(problems.length).toBe(from === '"c"' ? 2 : 1);
        expect(regions.map(({ start }) => start)).toEqual(
          regions.map(({ start }) => start).sort((a, b) => a - b),
        );
      }
    });
  });

  test("in a sequence of values are read around a broken one", () => {
    const text = ['{"completion":"a', '{"completion":"b"}', '{"completion":"c', '{"completion":"d"}'].join(
      "\n",
    );
    const regions = regionsOf("json", text, "a.json");
    const good = regions.flatMap((region) => ("row" in region ? [region] : []));
    expect(regions.length - good.length).toBe(2);
    expect(completionsIn(text, good).flat()).toEqual(["b", "d"]);
  });

  test("of a named list are read even if the error comes after them", () => {
    const text = '{"rows":[{"completion":"a"}], "n": }';
    const regions = regionsOf("json", text, "a.json");
    expect(regions.map((region) => ("problem" in region ? region.problem : "good"))).toEqual([
      "good",
      expect.stringContaining("after its rows"),
    ]);
  });

  test("name the line of an error", () => {
    const [bad] = regionsOf("json", '{\n "completion": "a",\n "b": [1,\n 2 3]\n}', "a.json");
    expect(bad && "problem" in bad && bad.problem).toContain("in its line 4");
  });

  test("that are broken by the thousand take linear time", () => {
    const text = `[\n${'{"completion":"a",\n'.repeat(60_000)}{"completion":"b"}]`;
    const regions = regionsOf("json", text, "a.json");
    expect(regions.length).toBeGreaterThan(10);
    expect(regions.every((region) => "problem" in region)).toBe(true);
  });

  test("of 100,000 brackets are bad rows", () => {
    const deep = "[".repeat(100_000);
    for (const text of [deep, deep + "]".repeat(100_000), `{"rows":[${deep}`, `[{"a":${deep}`])
      expect(regionsOf("json", text, "a.json").every((region) => "problem" in region)).toBe(true);
  });

  test("are in order, disjoint and inside the document, whatever its text", () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((all) => Buffer.from(all).toString());
    const broken = fc
      .tuple(
        fc.array(rowCases, { maxLength: 3 }),
        writings,
        fc.nat(),
        fc.constantFrom("", '"', "]", "{", ",", "\\"),
      )
      .map(([rows, write, place, added]) => {
        const { source } = write(rows.map(({ value }) => value));
        const at = place % source.length;
        return source.slice(0, at) + added + source.slice(at + 1);
      });
    fc.assert(
      fc.property(
        fc.oneof(bytes, broken, fc.json()),
        fc.constantFrom("json" as const, "json-lines" as const),
        (text, kind) => {
          let last = 0;
          for (const { start, end } of regionsOf(kind, text, "a.json")) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThanOrEqual(start);
            last = end;
          }
          expect(last).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("lines of JSON", () => {
  test("are rows with line numbers that also count blank lines", () => {
    const text = '{"completion":"a"}\r\n\r\n[]\n{"completion":"\\u0062"}';
    const regions = regionsOf("json-lines", text, "a.jsonl");
    expect(regions.map(({ start, end }) => text.slice(start, end))).toEqual([
      '{"completion":"a"}\r',
      "[]",
      '{"completion":"\\u0062"}',
    ]);
    expect(
      regions.map((region) => ("row" in region ? [region.row.row, region.row.place] : region.problem)),
    ).toEqual([[0, "a.jsonl:1"], "is a list, not an object with fields", [2, "a.jsonl:4"]]);
    const last = regions.at(-1);
    expect(completionsIn(text, last && "row" in last ? [last] : [])).toEqual([["\\u0062"]]);
  });
});
