/** `reward-inspector score`: rewards and Q-values of every completion of a dataset. */
import { basename } from "node:path";
import { Command, Option } from "commander";
import { InputError } from "../../engine/errors";
import { NewFile } from "../../engine/files";
import { modelFiles } from "../../engine/scoring/model-files";
import type { ScoredRow } from "../../protocol/scores";
import type { RowsMessage, StartedMessage } from "../../protocol/scoring";
import { addDataFlags, type DataFlags, datasetRequest } from "../flags/data-flags";
import { addGoalFlag, addModelFlags, type ModelFlags, modelRequest, type Tools } from "../flags/options";
import { BadRowWarnings } from "../output/bad-rows";
import { warnOfDevice } from "../output/device-notes";
import { jsonLines } from "../output/json-lines";
import { ScoreTable } from "../output/score-table";
import { shadedCompletions, shadeLegend } from "../output/shade";
import { Summary } from "../output/summary";
import type { ProgressBar, Terminal } from "../output/terminal/terminal";
import { visible } from "../output/terminal/visible";

interface ScoreFlags extends ModelFlags, DataFlags {
  readonly goal?: readonly string[];
  readonly out?: string;
  readonly tokens?: boolean;
  readonly show?: boolean;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** Receives scored rows. */
type Sink = (rows: readonly ScoredRow[]) => Promise<void>;

export function scoreCommand(tools: Tools): Command {
  const command = new Command("score")
    .description("Score every completion of a dataset: its reward, Q-values and warnings.")
    .argument("<data>", "dataset: JSONL, JSON, Parquet, CSV or TSV, also gzipped");
  return addGoalFlag(addDataFlags(addModelFlags(command)))
    .option("-o, --out <file>", "write one JSON object per completion to this file")
    .option("--tokens", "with --out or --json: include the scores of every token")
    .addOption(new Option("--show", "print the completions themselves, shaded by Q").conflicts("json"))
    .option("--json", "print one JSON object per completion")
    .option("--strict", "stop at the first bad row instead of skipping it")
    .action((data: string, flags: ScoreFlags) => score(tools, data, flags));
}

async function score({ engine, terminal }: Tools, data: string, flags: ScoreFlags): Promise<void> {
  const file =
    flags.out === undefined
      ? undefined
      : await NewFile.create(flags.out, [data, ...(await modelFiles(flags, flags.goal))], terminal.signal);
  const summary = new Summary();
  const badRows = new BadRowWarnings(terminal);
  const sinks = sinksOf(terminal, flags, file);
  // Printed rows already show the progress.
  const isPrinting = terminal.isInteractive && sinks.length > (file ? 1 : 0);
  let progress: ProgressBar | undefined;
  try {
    await engine.scoreDataset(
      {
        ...modelRequest(flags),
        ...datasetRequest(data, flags),
        ...(flags.goal ? { goals: flags.goal } : {}),
        tokens: (flags.tokens ?? false) || (flags.show ?? false),
        strict: flags.strict ?? false,
      },
      {
        started: (message) => {
          warnOfDevice(terminal, flags.device, message.settings);
          terminal.note(describeRun(message));
          if (flags.show) terminal.notePainted(`shading   ${shadeLegend(terminal.colors)}`);
          if (!isPrinting) progress = terminal.progress("scoring");
        },
        progress: ({ fraction }) => progress?.update(fraction, `${summary.completions} completions`),
        rows: (message) => take(message),
      },
      terminal.signal,
    );
    if (summary.completions === 0) throw new InputError(basename(data), "has no row that can be scored");
    await file?.finish();
  } catch (error) {
    progress?.stop();
    if (!terminal.signal.aborted) await file?.discard();
    const kept = terminal.signal.aborted ? await file?.keep() : undefined;
    if (kept !== undefined) terminal.note(`interrupted; the rows scored so far are in ${kept}`);
    throw error;
  }
  progress?.stop();
  terminal.note(summary.text());
  if (file) terminal.note(`written to ${file.path}`);

  async function take({ rows }: RowsMessage): Promise<void> {
    const scored: ScoredRow[] = [];
    for (const row of rows) {
      summary.add(row);
      if ("problem" in row) badRows.tell(row);
      else scored.push(row);
    }
    for (const sink of sinks) await sink(scored);
  }
}

function sinksOf(terminal: Terminal, flags: ScoreFlags, file: NewFile | undefined): Sink[] {
  const { colors } = terminal;
  const printing =
    (lines: (rows: readonly ScoredRow[]) => readonly string[]): Sink =>
    async (rows) => {
      if (rows.length > 0) await terminal.printPainted(lines(rows).join("\n"));
    };
  const toJson = (rows: readonly ScoredRow[]): string[] => jsonLines(rows, flags.tokens ?? false);
  const sinks: Sink[] = [];
  if (file)
    sinks.push((rows) =>
      file.write(
        toJson(rows)
          .map((line) => `${line}\n`)
          .join(""),
      ),
    );
  if (flags.json) sinks.push(printing((rows) => toJson(rows).map(visible)));
  else if (flags.show) sinks.push(printing((rows) => shadedCompletions(rows, colors)));
  else if (!file) {
    const table = new ScoreTable(colors);
    sinks.push(printing((rows) => table.lines(rows)));
  }
  return sinks;
}

function describeRun({ settings, rowFormat, leavesTemplate }: StartedMessage): string {
  const { device, goals, eos, rewardToken, maxLength, head } = settings;
  const text = "plain; this model has a chat template, which --chat applies";
  return [
    `rows      ${rowFormat ?? "none"}`,
    ...(leavesTemplate ? [`text      ${text}`] : []),
    `device    ${device}`,
    `reward    ${head ? `head ${head}` : "none: this model has no reward head, so there are Q-values only"}`,
    ...(head ? [`read at   ${rewardToken}`] : []),
    `goals     ${goals.length > 0 ? goals.join(", ") : "none stored with this model, so there are no Q-values; `reward-inspector goal` makes one"}`,
    `EOS       ${eos}`,
    `longest   ${maxLength} tokens`,
  ].join("\n");
}
