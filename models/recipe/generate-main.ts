/** Entry of dist/generate.js: writes the word problems that the default model learns from. Exit codes: 0, 1, 2 (usage). */
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
      "Write word problems with right solutions and planted mistakes: preference pairs and test rows.",
    )
    .argument("<folder>", "where the files go; files of the same names are replaced")
    .option("--pairs <count>", "preference pairs to train on", wholeNumber, 40_000)
    .option("--test <count>", "problems to measure with", wholeNumber, 2000)
    .option("--seed <number>", "the same seed gives the same files", wholeNumber, 1)
    .action(generate),
);
