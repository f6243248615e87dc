/** Finds training runs in folders. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BrokenRun, ListedRun } from "../../../protocol/runs";
import { hasCode, InputError, messageOf } from "../../errors";
import { readLastMetrics } from "./metrics-file";
import { RunFolder, recordFile } from "./run-folder";

/**
 * Returns the runs among the given folders and their direct subfolders, newest first and broken ones last. A folder
 * that does not exist has no runs. Throws InputError for one that cannot be read.
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

/** Returns the run in a folder, or null if there is none. */
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
    throw new InputError(
      root,
      `cannot be read (${messageOf(error)}); choose the folder that contains the runs`,
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** ISO 8601 timestamp, which sorts as text. */
function createdOf(run: ListedRun | BrokenRun): string {
  return "record" in run ? run.record.created : "";
}
