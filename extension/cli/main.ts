#!/usr/bin/env node
/** Entry of the `reward-inspector` command. Exit codes: 0, 1 bad input, 2 usage, 130 interrupted, 141 closed pipe. */
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
import { terminalErrorText } from "./output/error-wording";
import { Terminal } from "./output/terminal/terminal";
import { visible } from "./output/terminal/visible";

async function main(): Promise<number> {
  const terminal = new Terminal();
  const engine = new LocalEngine(new DeviceChooser(join(__dirname, "probe.js")));
  const program = new Command("reward-inspector")
    .description(
      "Inspect, evaluate and train Hugging Face reward models, with rewards and Q-values for every token.",
    )
    .version(version)
    .showHelpAfterError("(--help lists commands and options)")
    .configureOutput({
      writeOut: (text) => process.stdout.write(visible(text)),
      writeErr: (text) => process.stderr.write(visible(text)),
    })
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
    return (await terminal.lostOutput()) ?? 0;
  } catch (error) {
    const lost = await terminal.lostOutput();
    if (lost !== undefined) return lost;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (terminal.signal.aborted) return 130;
    terminal.fail(error instanceof EngineError ? terminalErrorText(error) : error);
    return 1;
  } finally {
    await engine.dispose();
  }
}

void main().then((code) => {
  process.exitCode = code;
});
