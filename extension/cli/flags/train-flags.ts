/** Flags that training commands share: where a run starts, what it reads, and its settings. */
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
      "start from a new model of random weights; tokenizer.json lies beside it",
    );
  addDataFlags(command)
    .option("--chat", "take plain text as a conversation: prompt and completion go through the chat template")
    .addOption(
      new Option("-d, --device <name>", "what to run on; auto measures once and takes the fastest")
        .choices(["auto", ...providers])
        .default("auto"),
    );
  for (const option of settingOptions()) command.addOption(option);
  return command.optionsGroup("Options:");
}

/** Ends with a usage error where it is not said what to start from. */
export function checkStart(command: Command, { model, init }: TrainingFlags): void {
  if (model === undefined && init === undefined)
    command.error("error: give --model, or --init for a new model of random weights");
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
