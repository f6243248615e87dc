/** The training runs of a folder. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../../errors";
import type { MetricsRow } from "../metrics";
import { readLastMetrics } from "./metrics-file";
import type { RunRecord, RunStatus } from "./run";
import { RunFolder, recordFile } from "./run-folder";

export interface ListedRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** `interrupted`: it was killed, as no process is behind it. */
  readonly status: RunStatus | "interrupted";
  readonly last?: MetricsRow | undefined;
}

export interface BrokenRun {
  readonly folder: string;
  /** One line for people. */
  readonly problem: string;
}

/**
 * Runs in the folders directly below a folder, and the folder itself where it is one; the newest first, broken ones
 * last. Throws InputError where the folder cannot be read.
 */
export async function listRuns(root: string): Promise<(ListedRun | BrokenRun)[]> {
  const entries = await readdir(root).catch((error: unknown) => {
    throw new InputError(root, `cannot be read (${messageOf(error)}); give the folder that holds the runs`);
  });
  const folders = [root, ...entries.sort().map((name) => join(root, name))];
  const runs: (ListedRun | BrokenRun)[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch((): string[] => []);
    if (names.includes(recordFile)) runs.push(await read(folder));
  }
  return runs.sort((a, b) => createdOf(b).localeCompare(createdOf(a)));
}

async function read(folder: string): Promise<ListedRun | BrokenRun> {
  try {
    const run = await RunFolder.open(folder);
    const wasKilled = run.record.status === "running" && !(await run.isAlive());
    const status = wasKilled ? "interrupted" : run.record.status;
    return { folder, record: run.record, status, last: await readLastMetrics(folder) };
  } catch (error) {
    return { folder, problem: messageOf(error) };
  }
}

/** ISO 8601 sorts as text. */
function createdOf(run: ListedRun | BrokenRun): string {
  return "record" in run ? run.record.created : "";
}
