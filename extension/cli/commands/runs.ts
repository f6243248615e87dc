/** `reward-inspector runs`: lists the training runs in a folder. */
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { Command } from "commander";
import { InputError } from "../../engine/errors";
import type { BrokenRun, ListedRun } from "../../protocol/runs";
import { precisePercent, thousandths } from "../../reports/quantities";
import type { Tools } from "../flags/options";
import { table } from "../output/table";

export function runsCommand({ engine, terminal }: Tools): Command {
  return new Command("runs")
    .description("List the training runs in a folder, newest first.")
    .argument("[dir]", "folder that holds run folders (default: runs if it exists, else the current folder)")
    .option("--json", "print JSON: every run's record, status and last metrics")
    .action(async (dir: string | undefined, { json }: { json?: boolean }) => {
      const folder = dir ?? ((await isFolder("runs")) ? "runs" : ".");
      if (dir !== undefined && !(await isFolder(dir)))
        throw new InputError(dir, "there is no such folder; give the folder that holds the runs");
      const runs = await engine.listRuns({ folders: [folder] });
      if (json) await terminal.print(JSON.stringify(runs, undefined, 2));
      else if (runs.length > 0) await terminal.print(runsTable(runs));
      else terminal.note(`no training runs in ${folder}; \`reward-inspector train\` makes one`);
    });
}

const heading = ["run", "status", "step", "best loss", "accuracy", "method", "lambda", "started"];

export function runsTable(runs: readonly (ListedRun | BrokenRun)[]): string {
  // A broken run has a message instead of numbers, which must not widen the columns.
  const [whole, broken] = [runs.filter((run) => "record" in run), runs.filter((run) => "problem" in run)];
  const lines = broken.map(({ folder, problem }) => `${nameOf(folder)}  cannot be read: ${problem}`);
  return [...(whole.length > 0 ? [table([heading, ...whole.map(row)], [2, 3, 4, 6])] : []), ...lines].join(
    "\n",
  );
}

function row({ folder, record, status, last }: ListedRun): string[] {
  const { steps, step, best, settings, created } = record;
  const isReward = settings.objective === "reward";
  return [
    nameOf(folder),
    status,
    `${last?.step ?? step}/${steps}`,
    best ? thousandths(best.loss) : "–",
    best?.accuracy === undefined ? "–" : precisePercent(best.accuracy),
    settings.method + (isReward ? "" : ", language model"),
    isReward ? String(settings.loss.lambda) : "–",
    // The Swedish locale writes dates as ISO 8601 does.
    new Date(created).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" }),
  ];
}

function nameOf(folder: string): string {
  return basename(resolve(folder));
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
