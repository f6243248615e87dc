/** Locks a run folder with run.lock, so that one process at a time trains in it. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { hasCode, InputError, messageOf } from "../../errors";
import { UnwrittenFile } from "../../files";
import { isProcessRunning } from "../../processes";

export const lockFile = "run.lock";

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes the lock of a run folder, also if the process that held it no longer exists. Returns a function that releases
 * it. Throws InputError if another process holds the lock.
 */
export async function takeLock(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockFile);
  if (!(await createOnce(path, own()))) await takeOver(path);
  return () => rm(path, { force: true });
}

/** Whether a process is training in the folder now. */
export async function isLocked(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, lockFile), "utf8").catch(() => "");
  const holder = holderOf(text);
  return holder !== undefined && isRunning(holder);
}

/** Replaces a stale lock. A second lock file makes sure that no process removes the new lock of another. */
async function takeOver(path: string): Promise<void> {
  const claim = `${path}.takeover`;
  if (!(await createOnce(claim, own()))) throw taken(claim);
  try {
    await removeStale(path);
    if (!(await createOnce(path, own()))) throw taken(path);
  } finally {
    await rm(claim, { force: true });
  }
}

async function removeStale(path: string): Promise<void> {
  let text = await readFile(path, "utf8").catch(() => undefined);
  if (text !== undefined && !holderOf(text)) {
    // Either a crash left it incomplete, or another process is writing it now. Waiting tells which.
    await setTimeout(200);
    text = await readFile(path, "utf8").catch(() => undefined);
  }
  if (text === undefined) return;
  const holder = holderOf(text);
  if (holder && isRunning(holder)) throw held(path, holder);
  await rm(path, { force: true });
}

/** Creates a file; returns false if it already exists. */
async function createOnce(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx", flush: true });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw new UnwrittenFile(path, `could not be written (${messageOf(error)}); nothing was changed`);
  }
}

function own(): string {
  return JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder);
}

/** Parses a lock file; returns undefined if it is incomplete. */
function holderOf(text: string): Holder | undefined {
  try {
    const { pid, host } = JSON.parse(text);
    return Number.isSafeInteger(pid) && pid > 0 && typeof host === "string" ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

/** Processes on other machines cannot be checked, so they count as running. */
function isRunning({ pid, host }: Holder): boolean {
  return host !== hostname() || isProcessRunning(pid);
}

function taken(path: string): InputError {
  return new InputError(
    path,
    "another process is locking this run; delete this file if there is no such process",
  );
}

function held(path: string, { pid, host }: Holder): InputError {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  return new InputError(
    path,
    `${where} is training in this folder; stop it first, or delete this file if that process is not a training run`,
  );
}
