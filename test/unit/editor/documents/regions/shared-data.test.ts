/** Real data: all completions are found, character by character. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { missing, sharedData } from "../../../../support/machine";
import { needs } from "../../../../support/needs";
import { goodRegions } from "./found";

/** Rows that are read per file. */
const most = 100;

describe("real datasets", () => {
  needs(missing.sharedData);
  const files =
    missing.sharedData === undefined
      ? readdirSync(sharedData).filter((file) => file.endsWith(".jsonl.gz"))
      : ["of any kind"];

  test.each(files)("%s", (file) => {
    const lines = gunzipSync(readFileSync(join(sharedData, file)))
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
