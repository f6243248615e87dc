/** Every row of the real datasets in ../shared is read without a problem. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDataset } from "../../../../extension/engine/data/dataset";
import { missing, sharedData } from "../../../support/machine";
import { needs } from "../../../support/needs";

const solutions = "single completions (question, solution, correct)";
const expected: Readonly<Record<string, string>> = {
  "asdiv_solutions.jsonl.gz": solutions,
  "first_wrong_step.jsonl.gz": "solutions in steps (question, steps, first_error)",
  "gsm8k_solutions.dev.jsonl.gz": solutions,
  "gsm8k_train_problems.jsonl.gz": "single completions (question, answer)",
  "gsm8k_voting.dev.jsonl.gz": solutions,
  "math_l5_solutions.jsonl.gz": solutions,
  "multiarith_solutions.jsonl.gz": solutions,
  "preference_pairs.jsonl.gz": "preference pairs (prompt, chosen, rejected)",
  "svamp_solutions.jsonl.gz": solutions,
};

describe("real datasets", () => {
  needs(missing.sharedData);
  const known = Object.keys(expected);
  const files =
    missing.sharedData === undefined ? readdirSync(sharedData).filter((file) => known.includes(file)) : known;

  test.each(files)("%s", async (file) => {
    const dataset = await openDataset(join(sharedData, file));
    expect(dataset.rowFormat).toBe(expected[file]);
    let row = 0;
    for await (const read of dataset.rows()) {
      expect(read).not.toHaveProperty("problem");
      if (read.row !== row++) throw new Error(`row ${read.row} found instead of row ${row - 1}`);
    }
    expect(row).toBeGreaterThan(600);
    expect(dataset.fraction).toBe(1);
  });
});
