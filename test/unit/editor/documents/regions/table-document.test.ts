/** CSV and TSV in the editor: the engine's rows, and the characters that write them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { tableDelimiter } from "../../../../../extension/editor/documents/regions/kind";
import type { BadRegion, Region } from "../../../../../extension/editor/documents/regions/region";
import { cellText, recordsOf } from "../../../../../extension/editor/documents/regions/table/cells";
import {
  isEmptyTable,
  TableDocument,
} from "../../../../../extension/editor/documents/regions/table/table-document";
import { readAll } from "../../../engine/data/files/files";
import { completionsIn, promptsIn } from "./found";

const folder = mkdtempSync(join(tmpdir(), "tables-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function regionsIn(text: string, name = "a.csv"): (Region | BadRegion)[] {
  const delimiter = tableDelimiter({ fileName: name, languageId: "plaintext" }, text);
  return new TableDocument(text, delimiter, name).between(0, text.length);
}

const good = (regions: readonly (Region | BadRegion)[]): Region[] =>
  regions.filter((region) => "row" in region);

describe("a table", () => {
  const text = 'prompt,chosen,rejected\r\n"say ""a"", b",yes,"no,\nno"\r\n\r\nq,"",x\r\n';

  test("has its rows as the engine numbers and reads them", () => {
    const regions = good(regionsIn(text));
    expect(regions.map(({ row }) => [row.row, row.place])).toEqual([
      [0, "a.csv:2"],
      [1, "a.csv:5"],
    ]);
    expect(regions[0]?.row.completions).toEqual([
      { role: "chosen", prompt: 'say "a", b', completion: "yes" },
      { role: "rejected", prompt: 'say "a", b', completion: "no,\nno" },
    ]);
  });

  test("has its texts between the quotes", () => {
    const regions = good(regionsIn(text));
    expect(completionsIn(text, regions)).toEqual([
      ["yes", "no,\nno"],
      ["", "x"],
    ]);
    expect(promptsIn(text, regions)).toEqual([['say ""a"", b'], ["q"]]);
    expect(regions.map(({ start, end }) => text.slice(start, end))).toEqual([
      '"say ""a"", b",yes,"no,\nno"',
      'q,"",x',
    ]);
  });

  test("is read with a byte-order mark, with semicolons, and with tabs", () => {
    for (const [source, name] of [
      ["\uFEFFprompt;completion\n1,5;b\n", "a.csv"],
      ["prompt\tcompletion\n1,5\tb", "a.tsv"],
    ] as const) {
      const regions = good(regionsIn(source, name));
      expect(regions.map(({ row }) => row.completions[0])).toMatchObject([
        { prompt: "1,5", completion: "b" },
      ]);
      expect(completionsIn(source, regions)).toEqual([["b"]]);
    }
  });

  test("has keys that depend on the content of its rows only", () => {
    const keysOf = (source: string): string[] => good(regionsIn(source)).map(({ key }) => key);
    const keys = keysOf("prompt,completion\na,b\nc,d");
    expect(new Set(keys).size).toBe(2);
    expect(keysOf('completion;prompt\n"b";a\nd;"c"')).toEqual(keys);
    expect(keysOf("completion,prompt\na,b")).not.toEqual(keys.slice(0, 1));
  });

  test.each([
    ["prompt,completion\na\nb,c", ["has 1 cells, but the header has 2", "row"]],
    ["prompt,prompt\na,b", ["the header contains `prompt` twice"]],
    [
      'prompt,completion\na,b\n"c,d\ne,f',
      ["row", "has a quote that is never closed; what follows cannot be read"],
    ],
    ["a,b\nc,d", [/^has no answer under a known name: its fields are `a` and `b`; name them in the setting/]],
  ])("%j says what is wrong, and where", (source, expected) => {
    const found = regionsIn(source).map((region) => ("row" in region ? "row" : region.problem));
    expect(found).toEqual(
      expected.map((each) => (typeof each === "string" ? each : expect.stringMatching(each))),
    );
  });

  test.each([
    ["", true],
    ["prompt,completion", true],
    ["\uFEFF\n\nprompt,completion\n\n", true],
    ["prompt,completion\na,b", false],
    ["prompt,completion\na", false],
    ["prompt,prompt", false],
    ['prompt,"completion', false],
  ])("%j is empty: %s", (source, isEmpty) => {
    expect(isEmptyTable(source, ",")).toBe(isEmpty);
    expect(regionsIn(source).length === 0).toBe(isEmpty);
  });
});

describe("a table of any characters", () => {
  const marks = fc.constantFrom(
    ",",
    ",",
    '"',
    '"',
    '""',
    '","',
    "\n",
    "\r\n",
    "\r",
    "a",
    "é😀",
    " ",
    "\0",
    ";",
    "[1]",
  );
  const body = fc.array(marks, { maxLength: 40 }).map((all) => all.join(""));
  const tables = fc
    .tuple(fc.constantFrom("prompt,completion", 'completion,"label"', "completion"), body)
    .map(([header, rest]) => `${header}\n${rest}`);

  test("has the rows that the engine reads", async () => {
    const path = join(folder, "a.csv");
    await fc.assert(
      fc.asyncProperty(tables, async (text) => {
        writeFileSync(path, text);
        const { rows, fault } = await readAll(path);
        const regions = regionsIn(text);
        const expected = rows.map((row) => ("problem" in row ? row.problem : row));
        const found = regions.map((region) => ("row" in region ? region.row : region.problem));
        if (fault === undefined) expect(found).toEqual(expected);
        else {
          // The engine does not read any row if the file ends before the first good one.
          if (expected.length > 0) expect(found.slice(0, -1)).toEqual(expected);
          expect(found.at(-1)).toMatch(/^has a quote that is never closed/);
        }
      }),
      { numRuns: 1000, seed: 11 },
    );
  }, 120_000);

  test("has the characters of each cell in order", () => {
    fc.assert(
      fc.property(tables, (source) => {
        for (const { cells, isOpen } of recordsOf(source, ",", 0)) {
          if (isOpen) return;
          for (const cell of cells) {
            const { text, at } = cellText(source, cell);
            for (let i = 0; i < text.length; i++) {
              const written = source.slice(at(i), at(i + 1));
              // A quote may be doubled, and one that closes the cell may be before NUL.
              expect([text[i], `"${text[i]}`, `${text[i]}"`, '"""']).toContain(written);
            }
            expect(at(text.length)).toBeLessThanOrEqual(cell.end);
          }
        }
      }),
      { numRuns: 1000, seed: 11 },
    );
  });
});
