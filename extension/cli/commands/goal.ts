/** `reward-inspector goal`: makes a goal state and stores it beside the checkpoint. */
import { Command, Option } from "commander";
import { type GoalStrategy, goalStrategies } from "../../protocol/goals";
import { addDataFlags, type DataFlags, datasetRequest } from "../flags/data-flags";
import { addModelFlags, type ModelFlags, modelRequest, type Tools, wholeNumber } from "../flags/options";
import { BadRowWarnings } from "../output/bad-rows";
import { warnOfDevice } from "../output/device-notes";

interface GoalFlags extends ModelFlags, DataFlags {
  readonly name: string;
  readonly strategy: GoalStrategy;
  readonly prototypes: number;
  readonly completions?: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function goalCommand({ engine, terminal }: Tools): Command {
  const command = new Command("goal")
    .description("Make a goal state from preferred completions: chosen ones, or those whose label is true.")
    .argument("<data>", "dataset of preferred completions: JSONL, JSON, Parquet, CSV or TSV, also gzipped");
  return addDataFlags(addModelFlags(command))
    .option("-n, --name <name>", "name of the goal state", "preferred")
    .addOption(
      new Option(
        "--strategy <name>",
        "last: mean hidden state of the last tokens, at which rewards are read (the paper's); random: mean over a random token of each completion; kmeans: centers of the last tokens",
      )
        .choices(goalStrategies)
        .default("last"),
    )
    .option(
      "--prototypes <count>",
      "number of k-means centers; Q is the cosine with the nearest one",
      wholeNumber,
      8,
    )
    .option("--completions <count>", "most completions to use", wholeNumber)
    .option("--seed <number>", "random seed for random and kmeans", wholeNumber, 1)
    .option("--json", "print JSON")
    .action(async (data: string, flags: GoalFlags) => {
      const badRows = new BadRowWarnings(terminal);
      const progress = terminal.progress("goal state");
      let result: Awaited<ReturnType<typeof engine.makeGoal>>;
      try {
        result = await engine.makeGoal(
          {
            ...modelRequest(flags),
            ...datasetRequest(data, flags),
            name: flags.name,
            strategy: flags.strategy,
            prototypes: flags.prototypes,
            seed: flags.seed,
            completions: flags.completions ?? Number.MAX_SAFE_INTEGER,
          },
          {
            started: () => undefined,
            progress: ({ fraction }) => progress.update(fraction, ""),
            rows: async ({ rows }) => {
              for (const row of rows) if ("problem" in row) badRows.tell(row);
            },
          },
          terminal.signal,
        );
      } finally {
        progress.stop();
      }
      warnOfDevice(terminal, flags.device, result);
      await terminal.print(
        flags.json
          ? JSON.stringify(result)
          : `goal state ${flags.name} from ${result.completions} preferred completions: ${result.file}`,
      );
    });
}
