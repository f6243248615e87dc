/** Entry point of dist/generate.js, which writes the word problems that the default model is trained on. */
import { Command } from "commander";
import { runProgram, wholeNumber } from "./command";
import { makeDatasets, writeDatasets } from "./word-problems/datasets";
import { summaryOf } from "./word-problems/summary";

interface Flags {
  readonly pairs: number;
  readonly test: number;
  readonly seed: number;
}

async function generate(folder: string, { pairs, test, seed }: Flags): Promise<void> {
  const datasets = makeDatasets({ pairs, test }, seed);
  await writeDatasets(folder, datasets);
  console.log(`train: ${summaryOf(datasets.train)}\ntest: ${summaryOf(datasets.test)}`);
}

void runProgram(
  new Command("generate")
    .description(
      "Generate word problems with correct solutions and planted mistakes: preference pairs and test rows.",
    )
    .argument("<folder>", "output folder; files of the same names are replaced")
    .option("--pairs <count>", "number of preference pairs to train on", wholeNumber, 40_000)
    .option("--test <count>", "number of problems to test on", wholeNumber, 2000)
    .option("--seed <number>", "random seed; the same seed gives the same files", wholeNumber, 1)
    .action(generate),
);
