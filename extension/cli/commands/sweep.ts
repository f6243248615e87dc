/** `reward-inspector sweep`: trains every combination of settings with several seeds, and compares the results. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { count } from "../../display/wording";
import { InputError, messageOf } from "../../engine/errors";
import { modelFiles } from "../../engine/scoring/model-files";
import { type Tools, wholeNumber } from "../flags/options";
import { addTrainingFlags, checkStart, type TrainingFlags, trainRequest } from "../flags/train-flags";
import { settingsOfFlags } from "../flags/train-settings";
import { shellQuoted } from "../output/terminal/shell";
import { trainingHeader } from "../output/training/training-header";
import { type Axis, type Combination, combinations, gridAxis } from "../sweep/grid";
import { checkSweepFiles, type SweepFacts, sweepJson, sweepNotes, writeSweep } from "../sweep/report";
import { type SweepMeasures, type SweepRun, sweepTable, withGains } from "../sweep/table";
import { bestMeasures, sweepRun } from "../sweep/training-runs";

interface SweepFlags extends TrainingFlags {
  readonly out: string;
  readonly grid?: readonly Axis[];
  readonly seeds: number;
  readonly test?: string;
  readonly json?: boolean;
}

export function sweepCommand(tools: Tools): Command {
  const command = new Command("sweep")
    .description(
      "Train every combination of settings with several seeds, and compare their best evaluations.\n" +
        "Run the same command again to continue an interrupted sweep.",
    )
    .argument("<data>", "dataset with chosen and rejected completions, or correct and incorrect ones")
    .optionsGroup("Sweep:")
    .requiredOption("-o, --out <dir>", "folder for the runs, sweep.json and sweep.md")
    .option(
      "--grid <flag=values>",
      "values that a flag takes in turn, as in --grid lambda=0,0.5 --grid head=linear,mlp (may be repeated)",
      gridAxis,
    )
    .option("--seeds <count>", "runs per combination, with consecutive seeds from --seed", wholeNumber, 3)
    .option("--test <data>", "dataset to evaluate every finished model on, besides the held-out pairs")
    .option("--json", "print sweep.json instead of the table");
  return addTrainingFlags(command).action((data: string, flags: SweepFlags) =>
    sweep(tools, command, data, flags),
  );
}

async function sweep(tools: Tools, command: Command, data: string, flags: SweepFlags): Promise<void> {
  checkStart(command, flags);
  if (flags.evalShare === 0 && flags.test === undefined)
    command.error("error: a sweep compares evaluations; give --eval-share above 0, or --test");
  const { terminal } = tools;
  const { out, model, init, seeds, test } = flags;
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw new InputError(out, `could not be created (${messageOf(error)})`);
  });
  const facts: SweepFacts = { data, start: model ?? `a new model configured by ${init}`, seeds, test };
  const given = [data, test, init].filter((file) => file !== undefined);
  await checkSweepFiles(out, model === undefined ? given : [...given, ...(await modelFiles({ model }))]);
  const chosen = combinations(flags.grid ?? [], flags);
  const total = chosen.length * seeds;
  const trained = chosen.map((combination) => ({ settings: combination.chosen, runs: [] as SweepRun[] }));
  for (let i = 0; i < total; i++) {
    const at = Math.floor(i / seeds);
    const [combination, row] = [chosen[at], trained[at]];
    if (!combination || !row) continue;
    row.runs.push(await train(tools, data, flags, combination, i, total));
    // Written after every run, so that a sweep in progress can be inspected.
    await writeSweep(out, withGains(trained.slice(0, at + 1)), facts);
  }
  const rows = withGains(trained);
  await terminal.print(flags.json ? sweepJson(rows, facts) : sweepTable(rows));
  for (const note of sweepNotes(facts)) terminal.note(note);
  terminal.note(`written to ${shellQuoted(join(out, "sweep.md"))} and sweep.json`);
  const failed = rows.flatMap(({ runs }) => runs).filter(({ status }) => status === "failed");
  if (failed.length > 0)
    throw new InputError(out, `${count(failed.length, "run")} failed; see the warnings above`);
}

/** Trains run `i` of a sweep, counted from 0, or reads its results if it has finished. */
async function train(
  tools: Tools,
  data: string,
  flags: SweepFlags,
  { name, flags: own }: Combination,
  i: number,
  total: number,
): Promise<SweepRun> {
  const { terminal } = tools;
  const seed = flags.seed + (i % flags.seeds);
  const run = `${name}-s${seed}`;
  const place = `run ${i + 1} of ${total}: ${run}`;
  const request = trainRequest(data, flags, join(flags.out, run), settingsOfFlags({ ...own, seed }));
  const status = await sweepRun(tools, request, (message) =>
    i === 0 ? `${trainingHeader(message)}\n${place}` : place,
  );
  if (status === "paused") {
    terminal.note("paused; run the same command again to continue the sweep");
    terminal.signal.throwIfAborted();
  }
  const measures = status === "failed" ? {} : await measured(tools, flags, request.out);
  return { seed, run, status, measures };
}

async function measured(
  { engine, terminal }: Tools,
  { test, device, chat, field }: SweepFlags,
  folder: string,
): Promise<SweepMeasures> {
  const best = await bestMeasures(engine, folder);
  if (test === undefined) return best;
  const progress = terminal.progress("testing");
  try {
    const { pairs, labels } = await engine.evaluate(
      {
        run: "cli",
        model: join(folder, "model"),
        device,
        dataset: test,
        goals: [],
        threshold: 0,
        skip: 0,
        seed: 1,
        ...(chat === undefined ? {} : { chat }),
        ...(field === undefined ? {} : { fields: field }),
      },
      {
        started: () => undefined,
        progress: ({ fraction }) => progress.update(fraction, ""),
        rows: async () => undefined,
      },
      terminal.signal,
    );
    return { ...best, testAccuracy: pairs?.accuracy.value, testAuroc: labels?.auroc.value };
  } finally {
    progress.stop();
  }
}
