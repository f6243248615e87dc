/** `reward-inspector train`: trains a reward model, or resumes a run that was paused or killed. */
import { Command, Option } from "commander";
import type { TrainResult } from "../../protocol/training";
import { precisePercent, thousandths } from "../../reports/quantities";
import type { Tools } from "../flags/options";
import { addTrainingFlags, checkStart, type TrainingFlags, trainRequest } from "../flags/train-flags";
import { settingsOfFlags } from "../flags/train-settings";
import { shellQuoted } from "../output/terminal/shell";
import { trainingHeader } from "../output/training/training-header";
import { ProgressLines } from "../output/training/training-progress";

interface TrainFlags extends TrainingFlags {
  readonly out?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

export function trainCommand(tools: Tools): Command {
  const command = new Command("train")
    .description(
      "Train a reward model on preference pairs: ranking loss, and the paper's contrastive loss on hidden states.\n" +
        "Ctrl-C pauses the run; --resume continues it, even after a crash.",
    )
    .argument("[data]", "dataset with chosen and rejected completions, or correct and incorrect ones")
    .usage(
      "<data> (--model <dir> | --init <config.json>) --out <dir> [options]\n       reward-inspector train --resume <run>",
    );
  command
    .optionsGroup("Run:")
    .option("-o, --out <dir>", "new folder for the run: record, metrics, checkpoints, model")
    .option("--json", "print every row of metrics as JSON");
  addTrainingFlags(command);
  const others = command.options.map((option) => option.attributeName());
  return command
    .addOption(
      new Option("--resume <run>", "continue the run in this folder with its own settings")
        .helpGroup("Run:")
        .conflicts(others.filter((name) => name !== "device" && name !== "json")),
    )
    .action((data: string | undefined, flags: TrainFlags) => train(tools, command, data, flags));
}

async function train(
  { engine, terminal }: Tools,
  command: Command,
  data: string | undefined,
  flags: TrainFlags,
): Promise<void> {
  const progress = new ProgressLines(terminal, trainingHeader, flags.json ?? false);
  const result = await progress.during(run());
  const { folder, record } = result;
  if (record.status === "paused") {
    const resume = `reward-inspector train --resume ${shellQuoted(folder)}`;
    terminal.note(`paused after step ${record.step} of ${record.steps}; continue with: ${resume}`);
    terminal.signal.throwIfAborted();
  }
  if (flags.json) terminal.note(ending(result));
  else await terminal.print(ending(result));

  function run(): Promise<TrainResult> {
    const { resume, out, device } = flags;
    if (resume !== undefined) {
      if (data !== undefined) command.error("error: --resume uses the run's own data; omit the data");
      return engine.resume({ run: "cli", folder: resume, device }, progress, terminal.signal);
    }
    if (data === undefined) return command.error("error: missing required argument 'data'");
    if (out === undefined) return command.error("error: give --out, the folder of the run");
    checkStart(command, flags);
    return engine.train(trainRequest(data, flags, out, settingsOfFlags(flags)), progress, terminal.signal);
  }
}

function ending({ record, model }: TrainResult): string {
  const { best, reason, settings, data, step, status } = record;
  const path = shellQuoted(model ?? "");
  const lines: string[] = [];
  if (reason !== undefined) lines.push(`${status}: ${reason}`);
  if (best) {
    const accuracy = best.accuracy === undefined ? "" : `, accuracy ${precisePercent(best.accuracy)}`;
    lines.push(
      `best evaluation, after step ${best.step} of ${step}: loss ${thousandths(best.loss)}${accuracy}`,
    );
  }
  lines.push(`model     ${path}`);
  const next =
    settings.objective === "reward"
      ? `reward-inspector score ${shellQuoted(data.path)} --model ${path} --show`
      : `reward-inspector train ${shellQuoted(data.path)} --model ${path} --method full --out <dir>`;
  return [...lines, `next      ${next}`].join("\n");
}
