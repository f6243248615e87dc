/** Parquet from other writers (test/fixtures/datasets/make.py): nested lists, every codec, both page versions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileOf, parquet, readAll } from "./files";

const fixtures = join(import.meta.dirname, "../../../../fixtures/datasets");
const codecs = ["none", "snappy", "gzip", "brotli", "zstd", "lz4"];

describe("conversations in nested lists", () => {
  test.each(codecs)("compressed with %s", async (codec) => {
    const { rowFormat, rows, fault } = await readAll(join(fixtures, `pairs-${codec}.parquet`));
    expect(fault).toBeUndefined();
    expect(rowFormat).toBe("preference pairs of conversations (prompt, chosen, rejected)");
    expect(rows).toEqual(
      Array.from({ length: 5 }, (_, row) => {
        const prompt = [{ role: "user", content: `Question ${row} é😀` }];
        return {
          row,
          place: `pairs-${codec}.parquet row ${row}`,
          completions: [
            { role: "chosen", prompt, completion: [{ role: "assistant", content: ` yes ${row}\n` }] },
            { role: "rejected", prompt, completion: [{ role: "assistant", content: "" }] },
          ],
        };
      }),
    );
  });

  test("are read starting at any row", async () => {
    const path = join(fixtures, "pairs-brotli.parquet");
    const all = (await readAll(path)).rows;
    for (let skipRows = 0; skipRows <= all.length; skipRows++) {
      expect((await readAll(path, { skipRows, limit: 2 })).rows).toEqual(all.slice(skipRows, skipRows + 2));
    }
  });
});

test("lists of samples with labels as 64-bit integers", async () => {
  const { rows } = await readAll(join(fixtures, "samples.parquet"));
  expect(rows).toMatchObject([
    {
      completions: [
        { prompt: "a", completion: "x", label: true },
        { completion: "y", label: false },
      ],
    },
    { completions: [{ prompt: "b", completion: "z", label: true }] },
    { problem: "has no answer: `samples` is null" },
  ]);
});

test("a named field may be null in the first row", async () => {
  const path = fileOf("a.parquet", parquet({ prompt: ["p", "q"], best: [null, "b"] }));
  const { rows, fault } = await readAll(path, { fields: { completion: "best" } });
  expect(fault).toBeUndefined();
  expect(rows).toMatchObject([
    { row: 0, problem: expect.any(String) },
    { completions: [{ completion: "b" }] },
  ]);
});

test("a row group larger than a slice is read in slices", async () => {
  const text = Array.from({ length: 600 }, (_, i) => `${i} ${"x".repeat(100_000)}${i}`);
  const path = fileOf("a.parquet", parquet({ text }, { rowGroupSize: [600], codec: "UNCOMPRESSED" }));
  const { rows } = await readAll(path, { skipRows: 100 });
  expect(rows.length).toBe(500);
  expect(rows.at(-1)).toMatchObject({ row: 599, completions: [{ completion: text[599] }] });
});

test("damaged files of other writers give a one-line error", async () => {
  const bytes = readFileSync(join(fixtures, "pairs-zstd.parquet"));
  for (let at = 4; at < bytes.length; at += 7) {
    const changed = Buffer.from(bytes).fill(0xa5, at, at + 3);
    const { fault = "" } = await readAll(fileOf("a.parquet", changed));
    expect(fault).toMatch(/^$|^a\.parquet( row \d)?: [^\n]+$/);
  }
});
