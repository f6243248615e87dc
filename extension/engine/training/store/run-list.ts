/** The training runs of folders. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BrokenRun, ListedRun } from "../../../protocol/runs";
import { hasCode, InputError, messageOf } from "../../errors";
import { readLastMetrics } from "./metrics-file";
import { RunFolder, recordFile } from "./run-folder";

/**
 * Runs in the folders directly below some folders, and those folders themselves if they are runs; the newest first,
 * broken ones last. A folder that does not exist has none. Throws InputError for one that cannot be read.
 */
export async function listRuns(roots: readonly string[]): Promise<(ListedRun | BrokenRun)[]> {
  const runs: (ListedRun | BrokenRun)[] = [];
  for (const root of roots)
    for (const folder of [root, ...(await namesIn(root)).map((name) => join(root, name))]) {
      const run = await findRun(folder);
      if (run) runs.push(run);
    }
  return runs.sort((a, b) => createdOf(b).localeCompare(createdOf(a)));
}

/** The run in a folder; null if it holds none. */
export async function findRun(folder: string): Promise<ListedRun | BrokenRun | null> {
  if (!(await isThere(join(folder, recordFile)))) return null;
  try {
    const run = await RunFolder.open(folder);
    const { record, model } = run;
    const wasKilled = record.status === "running" && !(await run.isAlive());
    return {
      folder,
      record,
      status: wasKilled ? "interrupted" : record.status,
      last: await readLastMetrics(folder),
      ...((record.status === "finished" || record.status === "stopped") &&
        (await isThere(model)) && { model }),
    };
  } catch (error) {
    return { folder, problem: messageOf(error) };
  }
}

async function namesIn(root: string): Promise<string[]> {
  try {
    return (await readdir(root)).sort();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw new InputError(root, `cannot be read (${messageOf(error)}); give the folder that holds the runs`);
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** ISO 8601 sorts as text. */
function createdOf(run: ListedRun | BrokenRun): string {
  return "record" in run ? run.record.created : "";
}
