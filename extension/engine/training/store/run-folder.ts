/**
 * The folder of a training run. It contains run.json, metrics.jsonl, TensorBoard's event files,
 * checkpoints/step-000100/, model/, and run.lock while a process is training in it.
 */
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "../../../protocol/runs";
import { hasCode, InputError, messageOf } from "../../errors";
import { writeWhole } from "../../files";
import { isLocked, lockFile, takeLock } from "./run-lock";
import { parseRunRecord } from "./run-record";

export const recordFile = "run.json";

/** Fields of a record that may change; `updated` is set on every write. */
export type RunChanges = Partial<Omit<RunRecord, "format" | "created" | "updated">>;

export class RunFolder {
  private release: (() => Promise<void>) | undefined;
  /** Writes of run.json share a temporary name, so they wait for one another. */
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly folder: string,
    private current: RunRecord,
  ) {}

  /** Creates the folder, locked for this process. Throws InputError if it exists and is not empty. */
  static async create(folder: string, record: RunRecord): Promise<RunFolder> {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw new InputError(folder, `the run folder could not be created (${messageOf(error)})`);
    });
    const names = await readdir(folder);
    if (names.includes(recordFile)) {
      throw new InputError(folder, "already has a training run; resume it, or choose another folder");
    }
    // A process that was killed while creating a run leaves these files.
    if (names.some((name) => !name.startsWith(lockFile) && !name.endsWith(".partial"))) {
      throw new InputError(folder, "is not empty; choose a new folder for the run");
    }
    const run = new RunFolder(folder, record);
    run.release = await takeLock(folder);
    try {
      await run.write(record);
    } catch (error) {
      await run.unlock();
      throw error;
    }
    return run;
  }

  /** Reads run.json without locking the folder. Throws InputError if there is no run or run.json is broken. */
  static async open(folder: string): Promise<RunFolder> {
    return new RunFolder(folder, await readRecord(folder));
  }

  get record(): RunRecord {
    return this.current;
  }

  /** Folder of the trained model, which exists once the run has ended. */
  get model(): string {
    return join(this.folder, "model");
  }

  /** Writes run.json with these changes. Throws UnwrittenFile if that fails; the old file is then kept. */
  async update(changes: RunChanges): Promise<void> {
    const write = this.writing.then(() =>
      this.write({ ...this.current, ...changes, updated: new Date().toISOString() }),
    );
    this.writing = write.catch(() => undefined);
    await write;
  }

  /** Makes this the only process that trains here, until `unlock`. Throws InputError if another process does. */
  async lock(): Promise<void> {
    if (this.release) return;
    this.release = await takeLock(this.folder);
    try {
      // The previous holder may have written the record after this process read it.
      this.current = await readRecord(this.folder);
      await removeUnfinished(this.folder);
    } catch (error) {
      await this.unlock();
      throw error;
    }
  }

  /** Releases the lock; does nothing if this object does not hold it. */
  async unlock(): Promise<void> {
    const release = this.release;
    this.release = undefined;
    await release?.();
  }

  /** Whether a process, possibly this one, is training here. */
  isAlive(): Promise<boolean> {
    return isLocked(this.folder);
  }

  private async write(record: RunRecord): Promise<void> {
    const text = `${JSON.stringify(record, null, 2)}\n`;
    await writeWhole(join(this.folder, recordFile), (file) => file.write(text));
    this.current = record;
  }
}

/** Removes files that a killed process was writing. */
async function removeUnfinished(folder: string): Promise<void> {
  const unfinished = (await readdir(folder)).filter((name) => /\.\d+(-\d+)?\.partial$/.test(name));
  for (const name of unfinished) await rm(join(folder, name), { recursive: true, force: true });
}

async function readRecord(folder: string): Promise<RunRecord> {
  const info = await stat(folder).catch(() => undefined);
  if (!info) throw new InputError(folder, "this run folder does not exist");
  if (!info.isDirectory())
    throw new InputError(folder, `is a file; choose the folder that contains ${recordFile}`);
  const path = join(folder, recordFile);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw hasCode(error, "ENOENT")
      ? new InputError(folder, `is not a training run: it has no ${recordFile}`)
      : new InputError(path, `cannot be read (${messageOf(error)})`);
  });
  return parseRunRecord(text, path);
}
