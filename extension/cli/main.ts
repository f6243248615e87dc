#!/usr/bin/env node
/** Entry of the `reward-inspector` command. Exit codes: 0, 1 bad input, 2 usage, 130 interrupted. */
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import { EngineError } from "../engine/errors";
import { LocalEngine } from "../engine/local";
import { DeviceChooser } from "../engine/runtime/device-choice";
import { devicesCommand } from "./commands/devices";
import { evaluateCommand } from "./commands/evaluate";
import { goalCommand } from "./commands/goal";
import { inspectCommand } from "./commands/inspect";
import { runsCommand } from "./commands/runs";
import { scoreCommand } from "./commands/score";
import { sweepCommand } from "./commands/sweep";
import { trainCommand } from "./commands/train";
import { errorText } from "./output/error-wording";
import { Terminal } from "./output/terminal";

async function main(): Promise<number> {
  const terminal = new Terminal();
  const engine = new LocalEngine(new DeviceChooser(join(__dirname, "probe.js")));
  const program = new Command("reward-inspector")
    .description(
      "Look inside reward models, and train them: rewards and Q-values of every token, from a Hugging Face folder.",
    )
    .version(version)
    .showHelpAfterError("(--help lists what there is)")
    .exitOverride();
  const commands = [
    scoreCommand,
    evaluateCommand,
    goalCommand,
    trainCommand,
    runsCommand,
    sweepCommand,
    inspectCommand,
    devicesCommand,
  ];
  for (const command of commands) {
    program.addCommand(command({ engine, terminal }).copyInheritedSettings(program));
  }
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (terminal.signal.aborted) return 130;
    terminal.fail(error instanceof EngineError ? errorText(error) : error);
    return 1;
  } finally {
    await engine.dispose();
  }
}

void main().then((code) => {
  process.exitCode = code;
});
