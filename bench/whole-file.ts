/** Scores a real file end to end in whole processes, and compares the command line with Python scripts. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { requireSameIds, requireSameScores } from "./agreement";
import type { Timing } from "./protocol";
import { Table } from "./report";
import type { Settings } from "./settings";
import type { Sample } from "./texts";
import { median, ratio, type Turns } from "./turns";

interface Line {
  readonly row: number;
  readonly reward: number;
  readonly tokenScores?: readonly { readonly id: number }[];
  readonly ids?: readonly number[];
}

const run = promisify(execFile);
/** Number of rows whose token ids are compared. */
const rowsChecked = 16;

export async function measureFile(
  settings: Settings,
  root: string,
  samples: readonly Sample[],
  turns: Turns,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "reward-inspector-bench-"));
  try {
    const file = join(folder, "rows.jsonl");
    const one = join(folder, "one.jsonl");
    const lines = samples.slice(0, settings.fileRows).map((sample) => `${JSON.stringify(sample)}\n`);
    await writeFile(file, lines.join(""));
    await writeFile(one, lines.slice(0, 1).join(""));
    const few = join(folder, "few.jsonl");
    await writeFile(few, lines.slice(0, rowsChecked).join(""));
    await checkIds(settings, root, few, folder);
    const table = new Table("A file end to end", [
      "file",
      "peer",
      "peer seconds",
      "Reward Inspector seconds",
      "Reward Inspector ÷ peer (min–max)",
    ]);
    for (const [name, place] of [
      [`${lines.length} rows`, file],
      ["1 row: startup", one],
    ] as const) {
      for (const row of await compare(settings, root, place, folder, name, turns)) table.add(row);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A command that scores the file. */
interface Contestant {
  readonly label: string;
  readonly out: string;
  readonly command: string;
  readonly args: readonly string[];
}

function contestantsFor(settings: Settings, root: string, file: string, folder: string): Contestant[] {
  const { model, python, threads } = settings;
  const place = (who: string): string => join(folder, `${who}.jsonl`);
  const script = (order: string): Contestant => ({
    label: order === "file" ? "transformers, batches of 8 in file order" : "transformers, sorted by length",
    out: place(order),
    command: python,
    args: [
      join(root, "bench/peers/score_file.py"),
      ...[file, "--model", model, "--out", place(order), "--order", order, "--threads", String(threads)],
    ],
  });
  const cli = {
    label: "Reward Inspector",
    out: place("cli"),
    command: process.execPath,
    args: [
      join(root, "dist/cli.js"),
      ...["score", file, "--model", model, "--out", place("cli"), "--device", "cpu"],
    ],
  };
  return [cli, script("file"), script("length")];
}

/** Checks that both see the same tokens, including the end-of-sequence token. */
async function checkIds(settings: Settings, root: string, file: string, folder: string): Promise<void> {
  const [cli, script] = contestantsFor(settings, root, file, folder);
  if (!cli || !script) return;
  await Promise.all([
    run(cli.command, [...cli.args, "--tokens"]),
    run(script.command, [...script.args, "--ids"]),
  ]);
  const ours = (await linesOf(cli.out)).map(({ tokenScores = [] }) => tokenScores.map(({ id }) => id));
  // The command line outputs only the tokens of the completion, the script also those of the prompt.
  const theirs = (await linesOf(script.out)).map(({ ids = [] }, i) => ids.slice(-(ours[i]?.length ?? 0)));
  requireSameIds(script.label, ours, theirs);
}

async function compare(
  settings: Settings,
  root: string,
  file: string,
  folder: string,
  name: string,
  turns: Turns,
): Promise<string[][]> {
  const contestants = contestantsFor(settings, root, file, folder);
  const timer = join(root, "bench/peers/run_timed.py");
  const runs = contestants.map(({ out, command, args }) => async (): Promise<Timing> => {
    await rm(out, { force: true });
    const { stdout } = await run(settings.python, [timer, command, ...args]);
    return JSON.parse(stdout) as Timing;
  });
  const [ours = [], ...theirs] = await turns.take(runs, settings.fileRounds);
  const [expected = [], ...others] = await Promise.all(contestants.map(({ out }) => rewardsOf(out)));
  return theirs.map((times, i) => {
    const label = contestants[i + 1]?.label ?? "";
    requireSameScores(label, { rewards: expected }, { rewards: others[i] ?? [] });
    return [name, label, median(times).toFixed(1), median(ours).toFixed(1), ratio(ours, times)];
  });
}

async function rewardsOf(file: string): Promise<number[]> {
  return (await linesOf(file)).sort((a, b) => a.row - b.row).map(({ reward }) => reward);
}

async function linesOf(file: string): Promise<Line[]> {
  const text = await readFile(file, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}
