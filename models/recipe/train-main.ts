/** Entry point of dist/train-default.js, which trains the default model from scratch, or resumes its training. */
import { cp, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { writeWhole } from "../../extension/engine/files";
import { LocalEngine } from "../../extension/engine/local";
import { DeviceChooser } from "../../extension/engine/runtime/device-choice";
import { RunFolder } from "../../extension/engine/training/store/run-folder";
import { defaultCard } from "./card";
import { runProgram, wholeNumber } from "./command";
import { compare, runName } from "./compare";
import { measureRealData } from "./real-data";
import { reward, secondPass, warmUp } from "./recipe";
import { measure, prepare, type Stage, train } from "./stages";

interface Flags {
  readonly seed: number;
  readonly install?: boolean;
  readonly compare?: number;
  readonly realData?: string;
}

async function run(folder: string, { seed, install, compare: seeds, realData }: Flags): Promise<void> {
  const engine = new LocalEngine(new DeviceChooser(join(__dirname, "probe.js")));
  const stage: Stage = { engine, folder: resolve(folder), seed, tell: console.log };
  try {
    const init = await prepare(stage);
    const base = await train(stage, "warm-up", { init }, { ...warmUp, seed });
    if (seeds) await compare(stage, base, seeds);
    const first = await train(stage, "reward", { model: base }, { ...reward, seed });
    const model = await train(stage, "second-pass", { model: first }, { ...secondPass, seed });
    const measured = await measure(stage, model);
    if (realData !== undefined) await measureRealData(stage, realData, await modelsIn(stage.folder, model));
    const { parameters } = (await RunFolder.open(join(model, ".."))).record;
    const card = await defaultCard(stage.folder, parameters, measured);
    await writeWhole(join(model, "README.md"), (file) => file.write(card));
    console.log(`the default model is in ${model}`);
    if (install) await installModel(model);
  } finally {
    await engine.dispose();
  }
}

/** The default model and all compared models in the folder, by their loss. */
async function modelsIn(folder: string, model: string): Promise<Record<string, string[]>> {
  const runs = (await readdir(folder)).sort();
  const of = (prefix: string): string[] =>
    runs.filter((name) => name.startsWith(prefix)).map((name) => join(folder, name, "model"));
  const compared = {
    contrastive: of(runName("contrastive", "")),
    "ranking alone": of(runName("ranking", "")),
  };
  const trained = Object.entries(compared).filter(([, folders]) => folders.length > 0);
  return { "this model": [model], ...Object.fromEntries(trained) };
}

async function installModel(model: string): Promise<void> {
  const target = resolve("models", "default");
  await cp(model, `${target}.partial`, { recursive: true });
  await rm(target, { recursive: true, force: true });
  await rename(`${target}.partial`, target);
  console.log(`and was copied to ${target}`);
}

void runProgram(
  new Command("train-default")
    .description(
      "Train the default model from scratch: data, tokenizer, language-model warm-up, reward training.",
    )
    .argument("<folder>", "folder for data and runs; what it already contains is reused or resumed")
    .option(
      "--seed <number>",
      "seed of the data, the initial weights and the order of the rows",
      wholeNumber,
      1,
    )
    .option("--install", "copy the model to models/default after the evaluation")
    .option(
      "--compare <seeds>",
      "train with and without the contrastive loss over this many seeds, and write comparison.json",
      wholeNumber,
    )
    .option(
      "--real-data <dir>",
      "also evaluate on the labeled solutions of GSM8K, SVAMP, ASDiv and MultiArith in this folder",
    )
    .action(run),
);
