/** Entry of dist/generate.js: writes the word problems that the default model learns from. Exit codes: 0, 1, 2 (usage). */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { InputError } from "../../extension/engine/errors";
import { makeDatasets, writeDatasets } from "./word-problems/datasets";
import { summaryOf } from "./word-problems/summary";

interface Flags {
  readonly pairs: number;
  readonly test: number;
  readonly seed: number;
}

async function main(): Promise<number> {
  const program = new Command("generate")
    .description(
      "Write word problems with right solutions and planted mistakes: preference pairs and test rows.",
    )
    .argument("<folder>", "where the files go; files of the same names are replaced")
    .option("--pairs <count>", "preference pairs to train on", wholeNumber, 40_000)
    .option("--test <count>", "problems to measure with", wholeNumber, 2000)
    .option("--seed <number>", "the same seed gives the same files", wholeNumber, 1)
    .showHelpAfterError("(--help lists what there is)")
    .exitOverride()
    .action(generate);
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(error instanceof InputError ? error.message : error);
    return 1;
  }
}

async function generate(folder: string, { pairs, test, seed }: Flags): Promise<void> {
  const datasets = makeDatasets({ pairs, test }, seed);
  await writeDatasets(folder, datasets);
  console.log(`train: ${summaryOf(datasets.train)}\ntest: ${summaryOf(datasets.test)}`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

void main().then((code) => {
  process.exitCode = code;
});
