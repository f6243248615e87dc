/** The dataset files that the default model is trained on and measured with. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../../../extension/engine/errors";
import { writeWhole } from "../../../extension/engine/files";
import { randomSequence } from "../../../extension/engine/random";
import { type Example, labeledRows, pairRow, stepRows, takeExamples } from "./examples";

export interface DatasetSizes {
  /** Preference pairs to train on. */
  readonly pairs: number;
  /** Problems to measure with. */
  readonly test: number;
}

export interface Datasets {
  readonly train: readonly Example[];
  readonly test: readonly Example[];
}

/** No question occurs twice, not even with other names and things. The test problems of a seed are the same for any number of pairs. */
export function makeDatasets({ pairs, test }: DatasetSizes, seed: number): Datasets {
  const random = randomSequence(seed);
  const seen = new Set<string>();
  const testExamples = takeExamples(test, random, seen);
  return { test: testExamples, train: takeExamples(pairs, random, seen) };
}

/** Writes train.jsonl, test-pairs.jsonl, test-labeled.jsonl and test-steps.jsonl. Throws InputError. */
export async function writeDatasets(folder: string, { train, test }: Datasets): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new InputError(folder, `could not be made (${messageOf(error)}); name another folder`);
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
