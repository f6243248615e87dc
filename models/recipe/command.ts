/** What the recipe's entry points share: exit codes and numeric arguments. */
import { type Command, CommanderError, InvalidArgumentError } from "commander";
import { EngineError } from "../../extension/engine/errors";

/** Parses the command line and executes it. Exit codes: 0, 1 (bad input), 2 (usage). */
export async function runProgram(program: Command): Promise<void> {
  program.showHelpAfterError("(--help lists the options)").exitOverride();
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      console.error(error instanceof EngineError ? error.message : error);
      process.exitCode = 1;
    }
  }
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
