/** `reward-inspector evaluate`: how well a model ranks pairs, tells correct from incorrect, and finds wrong steps. */
import { basename } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { StartedMessage } from "../../protocol/scoring";
import { addDataFlags, type DataFlags, datasetRequest } from "../flags/data-flags";
import {
  addGoalFlag,
  addModelFlags,
  type ModelFlags,
  modelRequest,
  type Tools,
  wholeNumber,
} from "../flags/options";
import { BadRowWarnings } from "../output/bad-rows";
import { warnOfDevice } from "../output/device-notes";
import { evaluationReportText } from "../output/evaluation-report";
import type { ProgressBar } from "../output/terminal/terminal";

interface EvaluateFlags extends ModelFlags, DataFlags {
  readonly goal?: readonly string[];
  readonly threshold: number;
  readonly skip: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function evaluateCommand(tools: Tools): Command {
  const command = new Command("evaluate")
    .description(
      "Measure a model on a dataset: accuracy on preference pairs, AUROC on correct and incorrect completions, low Q on solutions in steps.",
    )
    .argument("<data>", "dataset: JSONL, JSON, Parquet, CSV or TSV, also gzipped");
  return addGoalFlag(addDataFlags(addModelFlags(command)))
    .option("--threshold <q>", "Q below which a token is low", cosine, 0)
    .option("--skip <tokens>", "tokens at the start of a completion that are never low", countOfTokens, 5)
    .option("--seed <number>", "random seed of the bootstrap intervals", wholeNumber, 1)
    .option("--json", "print JSON")
    .action((data: string, flags: EvaluateFlags) => evaluate(tools, data, flags));
}

async function evaluate({ engine, terminal }: Tools, data: string, flags: EvaluateFlags): Promise<void> {
  const badRows = new BadRowWarnings(terminal);
  let run: StartedMessage | undefined;
  let progress: ProgressBar | undefined;
  try {
    const evaluation = await engine.evaluate(
      {
        ...modelRequest(flags),
        ...datasetRequest(data, flags),
        ...(flags.goal ? { goals: flags.goal } : {}),
        threshold: flags.threshold,
        skip: flags.skip,
        seed: flags.seed,
      },
      {
        started: (message) => {
          run = message;
          warnOfDevice(terminal, flags.device, message.settings);
          if (message.leavesTemplate)
            terminal.note(
              "rows are scored as plain text; this model has a chat template, which --chat applies",
            );
          progress = terminal.progress("evaluating");
        },
        progress: ({ fraction }) => progress?.update(fraction, ""),
        rows: async ({ rows }) => {
          for (const row of rows) if ("problem" in row) badRows.tell(row);
        },
      },
      terminal.signal,
    );
    progress?.stop();
    const { rowFormat, settings } = run ?? {};
    const facts = {
      model: basename(flags.model),
      dataset: basename(data),
      ...(rowFormat === undefined ? {} : { shape: rowFormat }),
      ...(settings
        ? {
            device: settings.device,
            goals: settings.goals,
            eos: settings.eos,
            rewardToken: settings.rewardToken,
          }
        : {}),
    };
    await terminal.print(
      flags.json
        ? JSON.stringify({ ...facts, ...evaluation }, undefined, 2)
        : evaluationReportText(evaluation, facts.model, facts.dataset),
    );
  } finally {
    progress?.stop();
  }
}

function cosine(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= -1 && value <= 1))
    throw new InvalidArgumentError("It must be a number in [-1, 1], as Q-values are.");
  return value;
}

function countOfTokens(text: string): number {
  return text === "0" ? 0 : wholeNumber(text);
}
