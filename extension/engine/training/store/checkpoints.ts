/** Reads and writes checkpoints/ of a run folder, which has one folder per checkpointed step. */
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EngineError, hasCode, InputError, messageOf } from "../../errors";
import { UnwrittenFile } from "../../files";

export interface StoredCheckpoint {
  /** Step after which the checkpoint was written. */
  readonly step: number;
  readonly folder: string;
}

/** Checkpoints of a run whose lock this process holds. To read them without the lock, use `listCheckpoints`. */
export class Checkpoints {
  private constructor(private readonly root: string) {}

  /** Opens the folder and removes the remains of a crash. Throws UnwrittenFile if it cannot be written. */
  static async open(runFolder: string): Promise<Checkpoints> {
    const root = rootOf(runFolder);
    try {
      await mkdir(root, { recursive: true });
      await recover(root);
    } catch (error) {
      throw new UnwrittenFile(root, `cannot be written (${messageOf(error)})`);
    }
    return new Checkpoints(root);
  }

  /**
   * Fills a folder under a temporary name, and renames it once all of it is on the disk. A checkpoint of the same step
   * is replaced. Errors of the file system become an UnwrittenFile, others are thrown unchanged; either way the
   * existing checkpoints stay as they were. Returns the folder.
   */
  async write(step: number, fill: (folder: string) => Promise<void>): Promise<string> {
    const folder = join(this.root, nameOf(step));
    const partial = this.hidden(step, "partial");
    const replaced = this.hidden(step, "replaced");
    try {
      await mkdir(partial);
      await fill(partial);
      await syncAll(partial);
      await rename(folder, replaced).catch(ignoreMissing);
      await rename(partial, folder);
      await sync(this.root, true);
    } catch (error) {
      await rm(partial, { recursive: true, force: true }).catch(() => undefined);
      await recover(this.root).catch(() => undefined);
      throw isOfDisk(error) ? await this.fault(folder, error) : error;
    }
    await rm(replaced, { recursive: true, force: true });
    return folder;
  }

  /** Returns the checkpoints in order of steps. */
  list(): Promise<StoredCheckpoint[]> {
    return listIn(this.root);
  }

  async latest(): Promise<StoredCheckpoint | undefined> {
    return (await this.list()).at(-1);
  }

  /** Removes all but the newest `keep` and those of the steps to protect; the newest one always stays. */
  async prune({ keep, protect }: { keep: number; protect: readonly number[] }): Promise<void> {
    const old = (await this.list()).slice(0, -Math.max(1, keep));
    for (const { step } of old) if (!protect.includes(step)) await this.remove(step);
  }

  /** Removes checkpoints after `step`, for a run that resumes from an earlier one. */
  async rewind(step: number): Promise<void> {
    for (const later of await this.list()) if (later.step > step) await this.remove(later.step);
  }

  /** Renames the folder before removing it, so that a crash cannot leave half a checkpoint under its name. */
  private async remove(step: number): Promise<void> {
    const folder = join(this.root, nameOf(step));
    const partial = this.hidden(step, "partial");
    try {
      await rename(folder, partial);
      await rm(partial, { recursive: true });
    } catch (error) {
      throw new UnwrittenFile(folder, `could not be removed (${messageOf(error)})`);
    }
  }

  private hidden(step: number, kind: "partial" | "replaced"): string {
    return join(this.root, `.${nameOf(step)}.${process.pid}.${kind}`);
  }

  private async fault(folder: string, error: unknown): Promise<UnwrittenFile> {
    const last = await this.latest().catch(() => undefined);
    const lost = last
      ? `nothing was lost: the last good checkpoint is ${last.folder}`
      : "the run has no checkpoint yet";
    return new UnwrittenFile(
      folder,
      `could not be written (${messageOf(error)}); ${lost}; fix the cause, then resume the run`,
    );
  }
}

/** Returns the complete checkpoints of a run folder, in order of steps. */
export function listCheckpoints(runFolder: string): Promise<StoredCheckpoint[]> {
  return listIn(rootOf(runFolder));
}

async function listIn(root: string): Promise<StoredCheckpoint[]> {
  const names = await readdir(root).catch((error: unknown): string[] => {
    if (hasCode(error, "ENOENT")) return [];
    throw new InputError(root, `cannot be read (${messageOf(error)})`);
  });
  return names
    .filter((name) => /^step-\d{6,}$/.test(name))
    .map((name) => ({ step: Number(name.slice("step-".length)), folder: join(root, name) }))
    .sort((a, b) => a.step - b.step);
}

/** Restores a checkpoint that was being replaced during a crash, and removes unfinished ones. */
async function recover(root: string): Promise<void> {
  const names = await readdir(root);
  for (const name of names) {
    const [, whole, kind] = /^\.(step-\d+)\.\d+\.(partial|replaced)$/.exec(name) ?? [];
    if (whole === undefined) continue;
    const left = join(root, name);
    if (kind === "replaced" && !names.includes(whole)) await rename(left, join(root, whole));
    else await rm(left, { recursive: true, force: true });
  }
}

async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncAll(path);
    else await sync(path, false);
  }
  await sync(folder, true);
}

async function sync(path: string, isFolder: boolean): Promise<void> {
  // Windows cannot open folders, and syncs only files that are open for writing.
  const isWindows = process.platform === "win32";
  if (isFolder && isWindows) return;
  const handle = await open(path, isWindows ? "r+" : "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function rootOf(runFolder: string): string {
  return join(runFolder, "checkpoints");
}

function nameOf(step: number): string {
  return `step-${String(step).padStart(6, "0")}`;
}

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, "ENOENT")) throw error;
}

/** Whether an error comes from the file system, as thrown by Node.js or by `files.ts`. */
function isOfDisk(error: unknown): error is Error {
  return error instanceof EngineError || (error instanceof Error && "syscall" in error);
}
