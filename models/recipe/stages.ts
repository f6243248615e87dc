/** The stages that lead to a default model. Each leaves a folder, and is passed over where its folder is whole. */
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
  /** Everything goes below it. */
  readonly folder: string;
  /** Of data, weights and order. */
  readonly seed: number;
  readonly tell: (line: string) => void;
}

/** data/ and init/: problems, tokenizer, and the config.json of the model to be. Returns the config.json. */
export async function prepare({ folder, seed, tell }: Stage): Promise<string> {
  const config = join(folder, "init", "config.json");
  if (await exists(config)) return config;
  tell(`making ${sizes.pairs.toLocaleString("en")} problems with a right and a wrong solution each`);
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

/** A training run below the folder, taken up again where it was left. Returns the trained model's folder. */
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

/** What fresh problems say of a model; kept beside it in evaluation.json. */
export interface FreshProblems {
  readonly pairs: Evaluation;
  readonly labeled: Evaluation;
  readonly steps: Evaluation;
}

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

/** As `reward-inspector evaluate` does by default. @param limit most rows to read */
export function evaluate(
  { engine, tell }: Stage,
  model: string,
  dataset: string,
  limit?: number,
): Promise<Evaluation> {
  tell(`${basename(dirname(model))}: measuring on ${basename(dataset)}`);
  return engine.evaluate(
    {
      ...{ run: dataset, model, dataset, device: "auto", ...defaultLocalization, seed: 1 },
      ...(limit === undefined ? {} : { limit }),
    },
    { started: () => undefined, progress: () => undefined, rows: async () => undefined },
  );
}
