/** Flags that training commands share: what a run starts from, what it reads, and its settings. */
import { type Command, Option } from "commander";
import { providers } from "../../protocol/models";
import type { TrainSettings } from "../../protocol/train-settings";
import type { TrainRequest } from "../../protocol/training";
import { addDataFlags, type DataFlags, datasetRequest } from "./data-flags";
import { settingOptions } from "./setting-flags";
import type { SettingFlags } from "./train-settings";

export interface TrainingFlags extends SettingFlags, DataFlags {
  readonly model?: string;
  readonly init?: string;
  readonly device: TrainRequest["device"];
  readonly chat?: boolean;
}

export function addTrainingFlags(command: Command): Command {
  command
    .optionsGroup("Model and data:")
    .addOption(
      new Option(
        "-m, --model <dir>",
        "model to start from: a folder, or a name in the local Hugging Face cache",
      ).conflicts("init"),
    )
    .option(
      "--init <config.json>",
      "start from a new model with random weights; a tokenizer.json must be in the same folder",
    );
  addDataFlags(command)
    .option("--chat", "treat plain text as a conversation: apply the chat template to prompt and completion")
    .addOption(
      new Option("-d, --device <name>", "device; auto measures once and picks the fastest")
        .choices(["auto", ...providers])
        .default("auto"),
    );
  for (const option of settingOptions()) command.addOption(option);
  return command.optionsGroup("Options:");
}

/** Exits with a usage error if neither --model nor --init is given. */
export function checkStart(command: Command, { model, init }: TrainingFlags): void {
  if (model === undefined && init === undefined)
    command.error("error: give --model, or --init for a new model with random weights");
}

export function trainRequest(
  data: string,
  flags: TrainingFlags,
  out: string,
  settings: TrainSettings,
): TrainRequest {
  const { model, init, device, chat } = flags;
  return {
    ...datasetRequest(data, flags),
    device,
    ...(chat === undefined ? {} : { chat }),
    ...(model === undefined ? {} : { model }),
    ...(init === undefined ? {} : { init }),
    out,
    settings,
  };
}
