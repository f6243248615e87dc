/** Measures the effect of the contrastive loss: the same data, warm-up, seeds and steps with and without it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type MeanInterval, meanInterval } from "../../extension/engine/evaluation/intervals";
import { writeWhole } from "../../extension/engine/files";
import { exists } from "../../extension/engine/model-folder/folder";
import { type Compared, compared } from "./recipe";
import { type FreshProblems, measure, type Stage, train } from "./stages";

/** Figures of a model on fresh problems, each in [0,1]. */
export const figures = {
  pairAccuracy: ({ pairs }: FreshProblems) => pairs.pairs?.accuracy.value,
  auroc: ({ labeled }: FreshProblems) => labeled.labels?.auroc.value,
  inWrongStep: ({ steps }: FreshProblems) => steps.localization?.preferred?.inside,
  falseAlarms: ({ steps }: FreshProblems) => steps.localization?.preferred?.alarms,
} as const;
export type Figure = keyof typeof figures;

export interface Comparison {
  readonly seeds: number;
  /** Means over the seeds with 95% intervals. A figure that no model has is absent. */
  readonly contrastive: Readonly<Partial<Record<Figure, MeanInterval>>>;
  readonly ranking: Readonly<Partial<Record<Figure, MeanInterval>>>;
}

const file = "comparison.json";

/** Trains and measures a model with each loss for each seed, and writes comparison.json. */
export async function compare(stage: Stage, base: string, seeds: number): Promise<void> {
  const found: Record<Compared, FreshProblems[]> = { contrastive: [], ranking: [] };
  for (let seed = 1; seed <= seeds; seed++) {
    for (const loss of Object.keys(found) as Compared[]) {
      const model = await train(stage, runName(loss, seed), { model: base }, { ...compared[loss], seed });
      found[loss].push(await measure(stage, model));
    }
  }
  const comparison: Comparison = {
    seeds,
    contrastive: intervals(found.contrastive),
    ranking: intervals(found.ranking),
  };
  await writeWhole(join(stage.folder, file), (target) =>
    target.write(`${JSON.stringify(comparison, null, 2)}\n`),
  );
}

/** Name of a compared run, which is also its folder below the folder of the stages. */
export function runName(loss: Compared, seed: number | string): string {
  return `compare-${loss}-s${seed}`;
}

/** The last comparison in a folder; undefined if there is none. */
export async function readComparison(folder: string): Promise<Comparison | undefined> {
  const path = join(folder, file);
  return (await exists(path)) ? (JSON.parse(await readFile(path, "utf8")) as Comparison) : undefined;
}

function intervals(models: readonly FreshProblems[]): Partial<Record<Figure, MeanInterval>> {
  const found: Partial<Record<Figure, MeanInterval>> = {};
  for (const figure of Object.keys(figures) as Figure[]) {
    const values = models.map(figures[figure]).filter((value) => value !== undefined);
    const mean = meanInterval(values);
    if (mean) found[figure] = mean;
  }
  return found;
}
