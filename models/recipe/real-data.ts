/** Evaluates models on real data that they were not trained on. The files are not part of the project. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type MeanInterval, meanInterval } from "../../extension/engine/evaluation/intervals";
import { writeWhole } from "../../extension/engine/files";
import { exists } from "../../extension/engine/model-folder/folder";
import { evaluate, type Stage } from "./stages";

/** Files of labeled solutions, by the name of the dataset. */
export const realFiles = {
  "GSM8K (dev)": "gsm8k_solutions.dev.jsonl.gz",
  SVAMP: "svamp_solutions.jsonl.gz",
  ASDiv: "asdiv_solutions.jsonl.gz",
  MultiArith: "multiarith_solutions.jsonl.gz",
} as const;
export type RealFile = keyof typeof realFiles;

/** Number of solutions read from the start of each file: all of them would take an hour for seven models. */
export const mostSolutions = 1500;

/** AUROC over the models of all seeds: over all completions, and within those of one source. */
export interface RealFigures {
  readonly completions: number;
  readonly pooled: MeanInterval | undefined;
  readonly withinSource: MeanInterval | undefined;
}

export type RealResults = Readonly<Record<string, Readonly<Partial<Record<RealFile, RealFigures>>>>>;

const file = "real-data.json";

/**
 * Evaluates the models and writes real-data.json. Files that are missing from `data` are skipped.
 * @param models folders of the models of all seeds, by the name of their loss
 */
export async function measureRealData(
  stage: Stage,
  data: string,
  models: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const results: Record<string, Partial<Record<RealFile, RealFigures>>> = {};
  for (const [loss, folders] of Object.entries(models)) {
    const byFile: Partial<Record<RealFile, RealFigures>> = {};
    for (const [name, path] of Object.entries(realFiles) as [RealFile, string][]) {
      const dataset = join(data, path);
      if (!(await exists(dataset))) {
        stage.tell(`${dataset} does not exist; ${name} is skipped`);
        continue;
      }
      const evaluations = [];
      for (const model of folders) evaluations.push(await evaluate(stage, model, dataset, mostSolutions));
      const over = (values: readonly (number | undefined)[]): MeanInterval | undefined =>
        meanInterval(values.filter((value) => value !== undefined));
      byFile[name] = {
        completions: evaluations[0]?.completions ?? 0,
        pooled: over(evaluations.map(({ labels }) => labels?.auroc.value)),
        withinSource: over(evaluations.map(({ labels }) => labels?.withinGroups?.value)),
      };
    }
    results[loss] = byFile;
  }
  await writeWhole(join(stage.folder, file), (target) =>
    target.write(`${JSON.stringify(results, null, 2)}\n`),
  );
}

/** The last results in a folder; undefined if there are none. */
export async function readRealData(folder: string): Promise<RealResults | undefined> {
  const path = join(folder, file);
  return (await exists(path)) ? (JSON.parse(await readFile(path, "utf8")) as RealResults) : undefined;
}
