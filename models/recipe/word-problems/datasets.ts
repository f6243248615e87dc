/** The datasets that the default model is trained and evaluated on. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../../../extension/engine/errors";
import { writeWhole } from "../../../extension/engine/files";
import { randomSequence } from "../../../extension/engine/random";
import { type Example, labeledRows, pairRow, stepRows, takeExamples } from "./examples";

export interface DatasetSizes {
  /** Number of preference pairs to train on. */
  readonly pairs: number;
  /** Problems to test on. */
  readonly test: number;
}

export interface Datasets {
  readonly train: readonly Example[];
  readonly test: readonly Example[];
}

/**
 * Generates both datasets. No question occurs twice, not even with other names and objects. The test problems of a seed
 * do not depend on the number of pairs.
 */
export function makeDatasets({ pairs, test }: DatasetSizes, seed: number): Datasets {
  const random = randomSequence(seed);
  const seen = new Set<string>();
  const testExamples = takeExamples(test, random, seen);
  return { test: testExamples, train: takeExamples(pairs, random, seen) };
}

/** Writes train.jsonl, test-pairs.jsonl, test-labeled.jsonl and test-steps.jsonl. @throws InputError if that fails */
export async function writeDatasets(folder: string, { train, test }: Datasets): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new InputError(folder, `could not be created (${messageOf(error)}); choose another folder`);
  });
  await writeRows(join(folder, "train.jsonl"), train, (example) => [pairRow(example)]);
  await writeRows(join(folder, "test-pairs.jsonl"), test, (example) => [pairRow(example)]);
  await writeRows(join(folder, "test-labeled.jsonl"), test, labeledRows);
  await writeRows(join(folder, "test-steps.jsonl"), test, stepRows);
}

function writeRows(
  path: string,
  from: readonly Example[],
  rowsOf: (example: Example) => readonly object[],
): Promise<void> {
  return writeWhole(path, async (file) => {
    for (let i = 0; i < from.length; i += 1000) {
      const rows = from.slice(i, i + 1000).flatMap(rowsOf);
      await file.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    }
  });
}
