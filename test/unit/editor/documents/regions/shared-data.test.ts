/** Real rows: all of their completions are found, character by character. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { goodRegions } from "./found";

const folder = join(import.meta.dirname, "../../../../../../shared/data");
const isThere = existsSync(folder);
/** Rows of each file. */
const most = 100;

describe.skipIf(!isThere)(`real datasets (skipped where ${folder} is absent)`, () => {
  const files = isThere ? readdirSync(folder).filter((file) => file.endsWith(".jsonl.gz")) : [];

  test.each(files)("%s", (file) => {
    const lines = gunzipSync(readFileSync(join(folder, file)))
      .toString()
      .split("\n", most);
    const text = lines.join("\n");
    const regions = goodRegions("json-lines", text);
    expect(regions.length).toBeGreaterThan(most / 2);
    for (const { start, row, completions } of regions) {
      row.completions.forEach(({ completion, steps }, i) => {
        const texts = completions[i]?.texts ?? [];
        const expected = steps ? steps.map((step) => completion.slice(step.start, step.end)) : [completion];
        expect(texts.map((placed) => placed.text)).toEqual(expected);
        for (const { text: own, at } of texts)
          expect(JSON.parse(`"${text.slice(start + at(0), start + at(own.length))}"`)).toBe(own);
      });
    }
  });
});
