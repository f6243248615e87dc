/** The stages of making a default model. Each writes a folder, and is skipped if its folder is complete. */
import { mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeWhole } from "../../extension/engine/files";
import { exists } from "../../extension/engine/model-folder/folder";
import type { RewardEngine } from "../../extension/protocol/engine";
import type { Evaluation } from "../../extension/protocol/evaluation";
import { defaultLocalization } from "../../extension/protocol/evaluation";
import type { TrainSettings } from "../../extension/protocol/train-settings";
import type { TrainEvents } from "../../extension/protocol/training";
import { evaluationText, Follower, stepText } from "../../extension/reports/metrics-text";
import { architecture, sizes, specialTokens, tokenizerExamples, vocabularySize } from "./recipe";
import { questionAnswerTemplate, writeTokenizer } from "./tokenizer-files";
import { trainTokenizer } from "./tokenizer-trainer";
import { makeDatasets, writeDatasets } from "./word-problems/datasets";
import { problemsAsText } from "./word-problems/examples";

export interface Stage {
  readonly engine: RewardEngine;
  /** All output is written below this folder. */
  readonly folder: string;
  /** Seed of the data, the initial weights and the order of the rows. */
  readonly seed: number;
  readonly tell: (line: string) => void;
}

/** Writes data/ (the problems) and init/ (tokenizer and config.json). @returns the path of config.json */
export async function prepare({ folder, seed, tell }: Stage): Promise<string> {
  const config = join(folder, "init", "config.json");
  if (await exists(config)) return config;
  tell(
    `generating ${sizes.pairs.toLocaleString("en")} problems with a correct and an incorrect solution each`,
  );
  const datasets = makeDatasets(sizes, seed);
  await writeDatasets(join(folder, "data"), datasets);
  const trained = trainTokenizer(problemsAsText(datasets.train.slice(0, tokenizerExamples)), {
    vocabularySize,
    specialTokens: Object.values(specialTokens),
  });
  await mkdir(join(folder, "init"), { recursive: true });
  await writeTokenizer(join(folder, "init"), trained, {
    specialTokens,
    chatTemplate: questionAnswerTemplate,
    maximumLength: architecture.max_position_embeddings,
  });
  const values = { ...architecture, vocab_size: Object.keys(trained.vocabulary).length };
  await writeWhole(config, (file) => file.write(`${JSON.stringify(values, null, 2)}\n`));
  return config;
}

/** Trains a model in a run below the folder, resuming the run if it exists. @returns the folder of the model */
export async function train(
  { engine, folder, tell }: Stage,
  name: string,
  start: { readonly model: string } | { readonly init: string },
  settings: TrainSettings,
): Promise<string> {
  const out = join(folder, name);
  const model = join(out, "model");
  if (await exists(join(model, "README.md"))) return model;
  tell(`${name}: training`);
  let follower: Follower | undefined;
  const events: TrainEvents = {
    started: ({ record }) => {
      follower = new Follower(record.steps);
    },
    metrics: ({ row }) => {
      if (row.kind === "evaluation") tell(`${name}: ${evaluationText(row)}`);
      else {
        const standing = follower?.after(row);
        if (standing && row.step % 100 === 0) tell(`${name}: ${stepText(row, standing)}`);
      }
    },
  };
  const isResumed = await exists(join(out, "run.json"));
  if (isResumed) await engine.resume({ run: name, folder: out, device: "auto" }, events);
  else {
    const dataset = join(folder, "data", "train.jsonl");
    await engine.train({ run: name, dataset, ...start, out, device: "auto", settings }, events);
  }
  return model;
}

const testFiles = {
  pairs: "test-pairs.jsonl",
  labeled: "test-labeled.jsonl",
  steps: "test-steps.jsonl",
} as const;

/** Evaluations of a model on fresh problems. */
export interface FreshProblems {
  readonly pairs: Evaluation;
  readonly labeled: Evaluation;
  readonly steps: Evaluation;
}

/** Evaluates a model on fresh problems; the result is cached in evaluation.json next to the model. */
export async function measure(stage: Stage, model: string): Promise<FreshProblems> {
  const kept = join(model, "..", "evaluation.json");
  if (await exists(kept)) return JSON.parse(await readFile(kept, "utf8")) as FreshProblems;
  const evaluateOn = (file: string): Promise<Evaluation> =>
    evaluate(stage, model, join(stage.folder, "data", file));
  const result = {
    pairs: await evaluateOn(testFiles.pairs),
    labeled: await evaluateOn(testFiles.labeled),
    steps: await evaluateOn(testFiles.steps),
  };
  await writeWhole(kept, (file) => file.write(`${JSON.stringify(result, null, 2)}\n`));
  return result;
}

/** Evaluates with the defaults of `reward-inspector evaluate`. @param limit maximum number of rows to read */
export function evaluate(
  { engine, tell }: Stage,
  model: string,
  dataset: string,
  limit?: number,
): Promise<Evaluation> {
  tell(`${basename(dirname(model))}: evaluating on ${basename(dataset)}`);
  return engine.evaluate(
    {
      ...{ run: dataset, model, dataset, device: "auto", ...defaultLocalization, seed: 1 },
      ...(limit === undefined ? {} : { limit }),
    },
    { started: () => undefined, progress: () => undefined, rows: async () => undefined },
  );
}
