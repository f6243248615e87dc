/** Flags that several commands share. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { RewardEngine } from "../../protocol/engine";
import type { ModelRequest } from "../../protocol/models";
import { providers } from "../../protocol/models";
import type { Terminal } from "../output/terminal/terminal";

/** What every command is given. */
export interface Tools {
  readonly engine: RewardEngine;
  readonly terminal: Terminal;
}

/** Flags have the names of the request's properties. */
export type ModelFlags = ModelRequest;

export function addModelFlags(command: Command): Command {
  return command
    .requiredOption("-m, --model <dir>", "reward-model folder, or a name in the local Hugging Face cache")
    .option("--base <dir>", "base model of a LoRA adapter, if it is not at the path that the adapter names")
    .addOption(
      new Option("-d, --device <name>", "device; auto measures once and picks the fastest")
        .choices(["auto", ...providers])
        .default("auto"),
    )
    .option("--max-length <tokens>", "longest sequence; longer ones are truncated at the end", wholeNumber)
    .option("--batch-tokens <tokens>", "tokens per batch, including padding", wholeNumber)
    .option("--chat", "treat plain text as a conversation: apply the chat template to prompt and completion");
}

export function addGoalFlag(command: Command): Command {
  return command.option(
    "-g, --goal <name>",
    "goal state stored with the model, or a .npy or .safetensors file; may be repeated (default: all stored ones)",
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

/** Parses a positive whole number for commander. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}

/** Collects the values of a repeated flag for commander. */
function several(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
