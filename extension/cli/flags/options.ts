/** Flags that several commands share. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { RewardEngine } from "../../protocol/engine";
import type { ModelRequest } from "../../protocol/models";
import { providers } from "../../protocol/models";
import type { Terminal } from "../output/terminal";

/** What a command works with. */
export interface Tools {
  readonly engine: RewardEngine;
  readonly terminal: Terminal;
}

/** The flags are called as the request's settings are. */
export type ModelFlags = ModelRequest;

export function addModelFlags(command: Command): Command {
  return command
    .requiredOption("-m, --model <dir>", "reward-model folder, or a name in the local Hugging Face cache")
    .option("--base <dir>", "base model of a LoRA adapter, where it is not where the adapter says")
    .addOption(
      new Option("-d, --device <name>", "what to run on; auto measures once and takes the fastest")
        .choices(["auto", ...providers])
        .default("auto"),
    )
    .option("--max-length <tokens>", "longest sequence; longer ones are cut at the end", wholeNumber)
    .option("--batch-tokens <tokens>", "tokens of a batch, padding included", wholeNumber)
    .option(
      "--chat",
      "take plain text as a conversation: prompt and completion go through the chat template",
    );
}

export function addGoalFlag(command: Command): Command {
  return command.option(
    "-g, --goal <name>",
    "goal state beside the model, or a .npy or .safetensors file; may be repeated (default: all beside the model)",
    several,
  );
}

export function modelRequest(flags: ModelFlags): ModelRequest {
  const { model, base, device, maxLength, batchTokens, chat } = flags;
  return {
    model,
    device,
    ...(base === undefined ? {} : { base }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(batchTokens === undefined ? {} : { batchTokens }),
    ...(chat === undefined ? {} : { chat }),
  };
}

/** A positive whole number, for commander. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}

/** Gathers a flag that may be given several times, for commander. */
function several(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
